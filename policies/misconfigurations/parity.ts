import type { Misconfiguration } from "./misconfiguration.ts";

const JOURNAL = "aws:rds/instance:Instance";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const parityMistakes: readonly Misconfiguration[] = [
  {
    what: "The peer's database instance is of a smaller class",
    rule: "database-instances-are-of-one-size",
    seed: (_, peer) => peer.one(INSTANCE).set("instanceClass", "db.r8g.large"),
  },
  {
    what: "The peer's cluster has one instance fewer",
    rule: "database-instances-are-of-one-size",
    seed: (_, peer) => peer.remove(peer.one(INSTANCE, "cell-database-2")),
  },
  {
    what: "The peer's cluster is a patch behind",
    rule: "engines-are-of-one-version",
    seed: (_, peer) => peer.one("aws:rds/cluster:Cluster").set("engineVersion", "17.5"),
  },
  {
    what: "The peer's cache has one node",
    rule: "caches-are-of-one-size",
    seed: (_, peer) =>
      peer.one("aws:elasticache/replicationGroup:ReplicationGroup").set("numCacheClusters", 1),
  },
  {
    what: "Commits of the peer's cluster need not be durable",
    rule: "database-parameters-are-the-same",
    seed: (_, peer) =>
      peer
        .one("aws:rds/clusterParameterGroup:ClusterParameterGroup")
        .push("parameters", { name: "synchronous_commit", value: "off", applyMethod: "immediate" }),
  },
  {
    what: "The peer's gateway is asked for its health half as often",
    rule: "cells-are-asked-for-their-health-alike",
    seed: (_, peer) => peer.one("aws:lb/targetGroup:TargetGroup").set("healthCheck.interval", 10),
  },
  {
    what: "The peer's resources are tagged as another environment's",
    rule: "cells-carry-the-same-tags",
    seed: (_, peer) =>
      peer.one("pulumi:providers:aws", "cell").set("defaultTags.tags.castle:environment", "prod"),
  },
  {
    what: "An alarm of the peer's has a threshold that is never met",
    rule: "alarms-watch-both-cells-alike",
    seed: (_, peer) => peer.one(ALARM, "cell-database-behind").set("threshold", 1_000_000),
  },
  {
    what: "The peer has no alarm on its journal's storage",
    rule: "alarms-watch-both-cells-alike",
    seed: (_, peer) => peer.remove(peer.one(ALARM, "cell-journal-storage")),
  },
  {
    what: "The peer's network stands in two zones",
    rule: "cells-stand-in-as-many-zones",
    seed: (_, peer) => peer.one("awsx:ec2:Vpc").drop("availabilityZoneNames.2"),
  },
  {
    what: "Both instances of the peer's cluster stand in one zone",
    rule: "database-instances-stand-in-different-zones",
    seed: (_, peer) => peer.one(INSTANCE, "cell-database-2").set("availabilityZone", "eu-central-1a"),
  },
  {
    what: "Both cells' journals are under maintenance on Sundays",
    rule: "maintenance-never-meets-both-cells",
    seed: (_, peer) => peer.one(JOURNAL).set("maintenanceWindow", "sun:03:30-sun:04:30"),
  },
  {
    what: "The peer runs an older gateway",
    rule: "cells-run-the-same-images",
    seed: (_, peer) =>
      peer
        .one("kubernetes:apps/v1:Deployment", "cell-order-gateway")
        .rewrite("spec.template.spec.containers.0.image", ":1.0.0", ":0.9.0"),
  },
];
