import { everywhere, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";

export const auroraMemberNamesNoSource: ResourceRule = {
  about: "resource",
  name: "aurora-member-names-no-source",
  area: "role-change",
  severity: "critical",
  what: "No Aurora cluster names what it replicates from.",
  why: "The global database says so by itself; named in the program, the source of today becomes an order to demote or detach tomorrow.",
  remedy: "Leave replicationSourceIdentifier out; globalClusterIdentifier is enough.",
  enforcement: everywhere,
  controls: changeSafely,
  types: ["aws:rds/cluster:Cluster"],
  judge: (cluster) =>
    cluster.has("replicationSourceIdentifier")
      ? [{ resource: cluster, property: "replicationSourceIdentifier", found: "a source", wanted: "none" }]
      : [],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { globalClusterIdentifier: "castle" } },
    failing: {
      type: "aws:rds/cluster:Cluster",
      props: { replicationSourceIdentifier: "arn:aws:rds:eu-central-1:111122223333:cluster:castle" },
    },
  },
};
