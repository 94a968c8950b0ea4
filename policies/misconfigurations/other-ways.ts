import type { Misconfiguration } from "./misconfiguration.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const IMAGES = "aws:ecr/replicationConfiguration:ReplicationConfiguration";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
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
    what: "A refusal by a standby's gateway counts as healthy",
    rule: "health-follows-the-role",
    seed: (_, peer) => peer.one(TARGETS).set("healthCheck.matcher", "200-499"),
  },
  {
    what: "The home cell's market data is asked on the port that traders use",
    rule: "health-follows-the-role",
    seed: (home) => home.one(TARGETS, "cell-market-data").set("healthCheck.port", "traffic-port"),
  },
  {
    what: "The home cell's endpoint is kept out for good",
    rule: "endpoint-is-let-in-by-health-alone",
    seed: (home) => home.one(GROUP).set("endpointConfigurations.0.weight", 0),
  },
  {
    what: "The accelerator's flow logs go nowhere",
    rule: "accelerator-keeps-flow-logs",
    seed: (home) =>
      home.one("aws:globalaccelerator/accelerator:Accelerator").drop("attributes.flowLogsS3Bucket"),
  },
  {
    what: "A gateway that leaves finishes within five minutes",
    rule: "clients-leave-a-demoted-cell-soon",
    seed: (home) => home.one(TARGETS).set("deregistrationDelay", 300),
  },
  {
    what: "The home cell's load balancer gives up idle connections after a minute",
    rule: "load-balancer-outlasts-the-accelerator",
    seed: (home) => home.one(BALANCER).set("idleTimeout", 60),
  },
  {
    what: "The home cell has two endpoint groups",
    rule: "one-endpoint-group-a-cell",
    seed: (home) => home.add(home.one(GROUP), GROUP, "cell-edge-2", home.one(GROUP).resource.inputs),
  },
  {
    what: "The peer's endpoint group says that it is the home region's",
    rule: "one-endpoint-group-a-cell",
    seed: (_, peer) => peer.one(GROUP).set("endpointGroupRegion", "eu-west-1"),
  },
  {
    what: "The edge listens on a port that no service has",
    rule: "edge-listens-where-services-do",
    seed: (home) =>
      home.one("aws:globalaccelerator/listener:Listener").push("portRanges", { fromPort: 22, toPort: 22 }),
  },
  {
    what: "A queue of the peer takes what it cannot deliver to the home region",
    rule: "no-arn-of-the-other-region",
    seed: (_, peer) =>
      peer.add(peer.one(BALANCER), "aws:sqs/queue:Queue", "seeded-queue", {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: "arn:aws:sqs:eu-west-1:111122223333:castle-production-dead",
        }),
      }),
  },
  {
    what: "The home cell's services are told a cache in the peer's region",
    rule: "no-endpoint-of-the-other-region",
    seed: (home) =>
      home.add(home.one(BALANCER), "kubernetes:core/v1:ConfigMap", "seeded-settings", {
        data: { CACHE: "master.castle.c0ffee.euc1.cache.amazonaws.com" },
      }),
  },
  {
    what: "The peer's gateway is told the home region's database beside its journal",
    rule: "no-endpoint-of-the-other-region",
    seed: (_, peer) =>
      peer
        .one("kubernetes:apps/v1:Deployment", "cell-order-gateway")
        .push("spec.template.spec.containers.0.env", {
          name: "DATABASE_HOST",
          value: "castle-production-database.cluster-c0ffee000001.eu-west-1.rds.amazonaws.com",
        }),
  },
  {
    what: "The peer's flow logs go to the home region's bucket",
    rule: "no-bucket-of-the-other-region",
    seed: (_, peer) =>
      peer
        .one("aws:ec2/flowLog:FlowLog")
        .set("logDestination", "arn:aws:s3:::castle-production-logs-eu-west-1-111122223333"),
  },
  {
    what: "The peer's secrets are encrypted with a key of one region",
    rule: "keys-named-by-arn-are-multi-region",
    seed: (home) =>
      home
        .one("aws:secretsmanager/secret:Secret", "cell-services-database")
        .set("kmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f"),
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
