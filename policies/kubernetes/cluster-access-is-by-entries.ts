import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const clusterAccessIsByEntries: ResourceRule = {
  about: "resource",
  name: "cluster-access-is-by-entries",
  area: "kubernetes",
  severity: "medium",
  what: "Who may enter the cluster is said by access entries, where AWS shows and records it.",
  why: "The older list stands in the cluster itself: who edits it badly locks everybody out.",
  remedy: "Set authenticationMode API.",
  enforcement: everywhere,
  controls: [
    control("pci", "7.2"),
    control("iso27001", "A.5.15"),
    control("soc2", "CC6.3"),
    control("nist", "PR.AA-05"),
    control("cis-eks", "5.5.1"),
  ],
  types: ["eks:index:Cluster"],
  judge: says("authenticationMode", "API", "CONFIG_MAP"),
  examples: {
    passing: { type: "eks:index:Cluster", props: { authenticationMode: "API" } },
    failing: { type: "eks:index:Cluster", props: { authenticationMode: "CONFIG_MAP" } },
  },
};
