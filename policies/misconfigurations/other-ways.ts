import type { Misconfiguration } from "./misconfiguration.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const IMAGES = "aws:ecr/replicationConfiguration:ReplicationConfiguration";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const WITNESS = "aws:dynamodb/table:Table";

/** The same mistakes made elsewhere or otherwise: a rule that sees only the plainest way is not one to rely on. */
export const otherWays: readonly Misconfiguration[] = [
  {
    what: "The home cell's Aurora cluster stands alone",
    rule: "aurora-belongs-to-a-global-database",
    seed: (home) => home.one(CLUSTER).drop("globalClusterIdentifier"),
  },
  {
    what: "The peer cell has no Aurora cluster",
    rule: "global-database-has-a-member-in-each-cell",
    seed: (_, peer) => peer.remove(peer.one(CLUSTER)),
  },
  {
    what: "The global datastore is not made at all",
    rule: "cache-belongs-to-a-global-datastore",
    seed: (home) => home.remove(home.one("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup")),
  },
  {
    what: "Aurora keeps its backups for as long as AWS does unasked",
    rule: "databases-keep-backups",
    seed: (home) => home.one(CLUSTER).drop("backupRetentionPeriod"),
  },
  {
    what: "The journal keeps no backups",
    rule: "databases-keep-backups",
    seed: (home) => home.one("aws:rds/instance:Instance").set("backupRetentionPeriod", 0),
  },
  {
    what: "Aurora is deleted without a snapshot",
    rule: "databases-leave-a-final-snapshot",
    seed: (home) => home.one(CLUSTER).set("skipFinalSnapshot", true),
  },
  {
    what: "The witness's table may be deleted by mistake",
    rule: "stores-refuse-deletion",
    seed: (home) => home.one(WITNESS).set("deletionProtectionEnabled", false),
  },
  {
    what: "Nobody has said that the global database may not be deleted",
    rule: "stores-refuse-deletion",
    seed: (home) => home.one("aws:rds/globalCluster:GlobalCluster").drop("deletionProtection"),
  },
  {
    what: "The witness's table says nothing of points in time",
    rule: "witness-recovers-to-any-point",
    seed: (home) => home.one(WITNESS).drop("pointInTimeRecovery"),
  },
  {
    what: "The home cell's evidence is not locked at all",
    rule: "evidence-is-locked",
    seed: (home) => home.remove(home.one(LOCK, "cell-evidence")),
  },
  {
    what: "Evidence is locked for a day",
    rule: "evidence-is-locked",
    seed: (home) => home.one(LOCK, "cell-evidence").set("rule.defaultRetention.days", 1),
  },
  {
    what: "The archive's copying is left out of the program",
    rule: "archives-are-copied-to-the-peer",
    seed: (home) =>
      home.remove(
        home.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "cell-replication-archive"),
      ),
  },
  {
    what: "Images are not copied to the peer",
    rule: "images-are-in-both-regions",
    seed: (home) => home.remove(home.one(IMAGES)),
  },
  {
    what: "Images are copied to a region that holds no cell",
    rule: "images-are-in-both-regions",
    seed: (home) =>
      home.one(IMAGES).set("replicationConfiguration.rules.0.destinations.0.region", "us-east-1"),
  },
  {
    what: "Images of another name are copied",
    rule: "images-are-in-both-regions",
    seed: (home) =>
      home.one(IMAGES).set("replicationConfiguration.rules.0.repositoryFilters.0.filter", "castle/staging/"),
  },
  {
    what: "The key that seals traders' secrets is in one region",
    rule: "secrets-are-replicated",
    seed: (home) => home.one("aws:secretsmanager/secret:Secret", "cell-services-seal-key").drop("replicas"),
  },
  {
    what: "The operators' login is copied to a region that holds no cell",
    rule: "secrets-are-replicated",
    seed: (home) =>
      home
        .one("aws:secretsmanager/secret:Secret", "cell-operator-database")
        .set("replicas.0.region", "us-east-1"),
  },
  {
    what: "The witness's table stands in the peer's region",
    rule: "witness-stands-in-a-third-region",
    seed: (home) => home.one("pulumi:providers:aws", "witness").set("region", "eu-central-1"),
  },
  {
    what: "There is no witness",
    rule: "witness-stands-in-a-third-region",
    seed: (home) => home.remove(home.one(WITNESS)),
  },
  {
    what: "Every gateway is asked for its health once in five minutes",
    rule: "recovery-fits-its-budget",
    seed: (home) => {
      for (const group of home.all("aws:lb/targetGroup:TargetGroup")) group.set("healthCheck.interval", 300);
    },
  },
  {
    what: "An update takes the home cell's cache out of its datastore",
    rule: "cache-member-leaves-the-datastores-own-alone",
    seed: (home) => home.one(CACHE).notIgnoring("globalReplicationGroupId"),
  },
  {
    what: "An update sets the home cell's traffic dial again",
    rule: "edge-is-turned-by-runbooks-alone",
    seed: (home) => home.one(GROUP).notIgnoring("trafficDialPercentage"),
  },
  {
    what: "An update leaves nothing of the peer's cluster alone",
    rule: "aurora-member-keeps-the-role-it-was-given",
    seed: (_, peer) => peer.one(CLUSTER).with({ ignoreChanges: [] }),
  },
  {
    what: "The global database may be replaced by an update",
    rule: "what-changes-roles-is-protected",
    seed: (home) => home.one("aws:rds/globalCluster:GlobalCluster").unprotected(),
  },
  {
    what: "The witness's table may be replaced by an update",
    rule: "what-changes-roles-is-protected",
    seed: (home) => home.one(WITNESS).unprotected(),
  },
  {
    what: "The home cell's cache may be replaced by an update",
    rule: "what-changes-roles-is-protected",
    seed: (home) => home.one(CACHE).unprotected(),
  },
  {
    what: "The peer's cell asks the home region for all it has",
    rule: "a-resource-is-in-its-providers-region",
    seed: (_, peer) => peer.one("pulumi:providers:aws", "cell").set("region", "eu-west-1"),
  },
  {
    what: "The peer's cluster says that it is in the home region",
    rule: "a-resource-is-in-its-providers-region",
    seed: (_, peer) => peer.one(CLUSTER).set("region", "eu-west-1"),
  },
];
