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
  {
    what: "A secret has no replica in the peer's region",
    rule: "secrets-are-replicated",
    seed: (home) => home.one("aws:secretsmanager/secret:Secret").drop("replicas.0"),
  },
  {
    what: "Images are not copied to the peer's region",
    rule: "images-are-in-both-regions",
    seed: (home) => home.remove(home.one("aws:ecr/replicationConfiguration:ReplicationConfiguration")),
  },
  {
    what: "The witness's table stands beside the home cell",
    rule: "witness-stands-in-a-third-region",
    seed: (home) => home.one("aws:dynamodb/table:Table").with({ provider: home.provider("cell") }),
  },
  {
    what: "The peer's evidence may be deleted by whoever governs the bucket",
    rule: "evidence-is-locked",
    seed: (_, peer) =>
      peer
        .one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "cell-evidence")
        .set("rule.defaultRetention.mode", "GOVERNANCE"),
  },
  {
    what: "The peer's archive is not copied to the home region",
    rule: "archives-are-copied-to-the-peer",
    seed: (_, peer) =>
      peer
        .one("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "cell-replication-archive")
        .set("rules.0.status", "Disabled"),
  },
  {
    what: "The peer's gateway is asked for its health twice a minute, and must pass five times",
    rule: "recovery-fits-its-budget",
    seed: (_, peer) =>
      peer
        .one("aws:lb/targetGroup:TargetGroup")
        .set("healthCheck.interval", 30)
        .set("healthCheck.healthyThreshold", 5),
  },
  {
    what: "The home cell's key is of one region",
    rule: "stores-use-multi-region-keys",
    seed: (home) => home.one("aws:kms/key:Key", "cell").set("multiRegion", false),
  },
];
