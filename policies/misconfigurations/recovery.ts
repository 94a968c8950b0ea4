import type { Misconfiguration } from "./misconfiguration.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const JOURNAL = "aws:rds/instance:Instance";

export const recoveryMistakes: readonly Misconfiguration[] = [
  {
    what: "The peer's Aurora cluster stands alone",
    rule: "aurora-belongs-to-a-global-database",
    seed: (_, peer) => peer.one(CLUSTER).drop("globalClusterIdentifier"),
  },
  {
    what: "The peer's Aurora cluster joins a global database of its own",
    rule: "global-database-has-a-member-in-each-cell",
    seed: (_, peer) => peer.one(CLUSTER).set("globalClusterIdentifier", "castle-another"),
  },
  {
    what: "The peer's cache stands alone",
    rule: "cache-belongs-to-a-global-datastore",
    seed: (_, peer) =>
      peer.one("aws:elasticache/replicationGroup:ReplicationGroup").drop("globalReplicationGroupId"),
  },
  {
    what: "The peer's journal keeps a day of backups",
    rule: "databases-keep-backups",
    seed: (_, peer) => peer.one(JOURNAL).set("backupRetentionPeriod", 1),
  },
  {
    what: "The peer's Aurora cluster may be deleted by mistake",
    rule: "stores-refuse-deletion",
    seed: (_, peer) => peer.one(CLUSTER).set("deletionProtection", false),
  },
  {
    what: "The peer's journal is deleted without a snapshot",
    rule: "databases-leave-a-final-snapshot",
    seed: (_, peer) => peer.one(JOURNAL).set("skipFinalSnapshot", true),
  },
  {
    what: "The peer's journal stands in one zone",
    rule: "journal-survives-a-zone",
    seed: (_, peer) => peer.one(JOURNAL).set("multiAz", false),
  },
  {
    what: "The witness's table cannot be restored to a point in time",
    rule: "witness-recovers-to-any-point",
    seed: (home) => home.one("aws:dynamodb/table:Table").set("pointInTimeRecovery.enabled", false),
  },
];
