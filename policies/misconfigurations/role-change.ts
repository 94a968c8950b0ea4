import type { Misconfiguration } from "./misconfiguration.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const DATASTORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";

export const roleChangeMistakes: readonly Misconfiguration[] = [
  {
    what: "An update sends the peer cluster's place in the global database again",
    rule: "aurora-member-keeps-the-role-it-was-given",
    seed: (_, peer) => peer.one(CLUSTER).notIgnoring("globalClusterIdentifier"),
  },
  {
    what: "The peer's cluster names the home cell's as its source",
    rule: "aurora-member-names-no-source",
    seed: (_, peer) =>
      peer
        .one(CLUSTER)
        .set(
          "replicationSourceIdentifier",
          "arn:aws:rds:eu-west-1:111122223333:cluster:castle-production-database",
        ),
  },
  {
    what: "The peer's cluster names two zones",
    rule: "aurora-zones-are-left-to-aws",
    seed: (_, peer) => peer.one(CLUSTER).set("availabilityZones", ["eu-central-1a", "eu-central-1b"]),
  },
  {
    what: "RDS manages the owner's password of the home cell's cluster",
    rule: "global-member-password-is-not-managed-by-rds",
    seed: (home) => home.one(CLUSTER).set("manageMasterUserPassword", true),
  },
  {
    what: "An update sends the global database's first writer again",
    rule: "global-database-names-no-writer",
    seed: (home) => home.one("aws:rds/globalCluster:GlobalCluster").notIgnoring("sourceDbClusterIdentifier"),
  },
  {
    what: "An update asks for the datastore's first primary again",
    rule: "global-datastore-forgets-its-first-primary",
    seed: (home) => home.one(DATASTORE).notIgnoring("primaryReplicationGroupId"),
  },
  {
    what: "An update asks for one cache's node type",
    rule: "cache-member-leaves-the-datastores-own-alone",
    seed: (_, peer) => peer.one("aws:elasticache/replicationGroup:ReplicationGroup").notIgnoring("nodeType"),
  },
  {
    what: "An update sets the peer's weight at the edge again",
    rule: "edge-is-turned-by-runbooks-alone",
    seed: (_, peer) =>
      peer.one("aws:globalaccelerator/endpointGroup:EndpointGroup").notIgnoring("endpointConfigurations"),
  },
  {
    what: "An update sizes the peer's gateway for standby again",
    rule: "services-are-sized-by-runbooks-alone",
    seed: (_, peer) =>
      peer.one("kubernetes:apps/v1:Deployment", "cell-order-gateway").set("spec.replicas", 1),
  },
  {
    what: "The peer's Aurora cluster may be replaced by an update",
    rule: "what-changes-roles-is-protected",
    seed: (_, peer) => peer.one(CLUSTER).unprotected(),
  },
  {
    what: "An instance of the peer's cluster is placed in the home region",
    rule: "a-resource-is-in-its-providers-region",
    seed: (_, peer) =>
      peer.one("aws:rds/clusterInstance:ClusterInstance").set("availabilityZone", "eu-west-1a"),
  },
];
