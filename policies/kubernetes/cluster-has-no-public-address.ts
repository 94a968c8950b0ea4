import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const clusterHasNoPublicAddress: ResourceRule = {
  about: "resource",
  name: "cluster-has-no-public-address",
  area: "kubernetes",
  severity: "high",
  what: "Kubernetes's API is reached from inside the network alone.",
  why: "It is the one door behind which everything stands.",
  remedy: "Set endpointPublicAccess false and endpointPrivateAccess true.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
    control("cis-eks", "5.4.2"),
  ],
  types: ["eks:index:Cluster"],
  judge: (cluster) =>
    cluster.value("endpointPublicAccess") === false && cluster.value("endpointPrivateAccess") === true
      ? []
      : [{ resource: cluster, property: "endpointPublicAccess", found: "public", wanted: "private alone" }],
  examples: {
    passing: {
      type: "eks:index:Cluster",
      props: { endpointPublicAccess: false, endpointPrivateAccess: true },
    },
    failing: { type: "eks:index:Cluster", props: { endpointPrivateAccess: true } },
  },
};
