import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const controlPlaneKeepsItsLogs: ResourceRule = {
  about: "resource",
  name: "control-plane-keeps-its-logs",
  area: "observability",
  severity: "medium",
  what: "The cluster keeps all five logs of its control plane.",
  why: "Who did what in the cluster stands in its audit log, and nowhere else.",
  remedy: "Set enabledClusterLogTypes to all five.",
  enforcement: everywhere,
  controls: [
    control("pci", "10.2"),
    control("iso27001", "A.8.15"),
    control("soc2", "CC7.2"),
    control("nist", "DE.CM-01"),
    control("cis-eks", "2.1.1"),
  ],
  types: ["eks:index:Cluster"],
  judge: (cluster) => {
    const kept = cluster.value("enabledClusterLogTypes");
    const missing = ["api", "audit", "authenticator", "controllerManager", "scheduler"].filter(
      (each) => !Array.isArray(kept) || !kept.includes(each),
    );
    return missing.length === 0
      ? []
      : [
          {
            resource: cluster,
            property: "enabledClusterLogTypes",
            found: `without ${missing.join(", ")}`,
            wanted: "all five",
          },
        ];
  },
  examples: {
    passing: {
      type: "eks:index:Cluster",
      props: { enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"] },
    },
    failing: { type: "eks:index:Cluster", props: { enabledClusterLogTypes: ["api"] } },
  },
};
