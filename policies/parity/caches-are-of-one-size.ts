import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const cachesAreOfOneSize: PairRule = {
  about: "pair",
  name: "caches-are-of-one-size",
  area: "parity",
  severity: "high",
  what: "Caches have as many nodes, and fail over between zones, in both cells alike.",
  why: "AWS gives all members one node type but not one number of nodes: a smaller cache refuses jobs once it is primary.",
  remedy: "Take the number of nodes from the profile, which both cells share.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
      properties: ["numCacheClusters", "automaticFailoverEnabled", "multiAzEnabled"],
    }),
  examples: {
    passing: {
      home: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup", props: { numCacheClusters: 3 } }],
      peer: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup", props: { numCacheClusters: 3 } }],
    },
    failing: {
      home: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup", props: { numCacheClusters: 3 } }],
      peer: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup", props: { numCacheClusters: 1 } }],
    },
  },
};
