import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const HANDED_OVER = ["globalClusterIdentifier", "replicationSourceIdentifier", "availabilityZones"];

export const auroraMemberKeepsTheRoleItWasGiven: ResourceRule = {
  about: "resource",
  name: "aurora-member-keeps-the-role-it-was-given",
  area: "role-change",
  severity: "critical",
  what: "What a handover changes of an Aurora member, an update leaves alone.",
  why: "Asked again for the state of before, an update would detach the member or promote it, in the middle of trading.",
  remedy:
    "Name globalClusterIdentifier, replicationSourceIdentifier and availabilityZones in the cluster's ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: ["aws:rds/cluster:Cluster"],
  judge: (cluster) => (cluster.has("globalClusterIdentifier") ? leftAlone(cluster, HANDED_OVER) : []),
  examples: {
    passing: {
      type: "aws:rds/cluster:Cluster",
      props: { globalClusterIdentifier: "castle" },
      ignoreChanges: HANDED_OVER,
    },
    failing: {
      type: "aws:rds/cluster:Cluster",
      props: { globalClusterIdentifier: "castle" },
      ignoreChanges: ["availabilityZones"],
    },
  },
};
