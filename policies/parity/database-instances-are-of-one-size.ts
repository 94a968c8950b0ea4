import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const databaseInstancesAreOfOneSize: PairRule = {
  about: "pair",
  name: "database-instances-are-of-one-size",
  area: "parity",
  severity: "critical",
  what: "Database instances have the same class, tier, storage and zones' copies in both cells, and there are as many.",
  why: "The smaller cell carries the whole load from the moment it takes over, and cannot be resized in that moment.",
  remedy: "Take sizes from the profile, which both cells share.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"],
      properties: ["instanceClass", "promotionTier", "allocatedStorage", "maxAllocatedStorage", "multiAz"],
    }),
  examples: {
    passing: {
      home: [{ type: "aws:rds/clusterInstance:ClusterInstance", props: { instanceClass: "db.r8g.2xlarge" } }],
      peer: [{ type: "aws:rds/clusterInstance:ClusterInstance", props: { instanceClass: "db.r8g.2xlarge" } }],
    },
    failing: {
      home: [{ type: "aws:rds/clusterInstance:ClusterInstance", props: { instanceClass: "db.r8g.2xlarge" } }],
      peer: [{ type: "aws:rds/clusterInstance:ClusterInstance", props: { instanceClass: "db.r8g.large" } }],
    },
  },
};
