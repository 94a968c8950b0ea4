import type { Allowance } from "./compare/allowance.ts";

/**
 * Where the cell of the home region and that of its peer are meant to differ, and why. What differs by nothing but the
 * cell's own facts (region, zones, address range, stack, peer) needs no entry. An entry that allows nothing fails the
 * plan, as does a difference without one.
 */
export const allowedDifferences: readonly Allowance[] = [
  {
    resource: "* castle:global:GlobalTier",
    only: "home",
    reason:
      "What both cells share is made once, by the home cell's stack; the peer is told of it by its settings.",
  },
  ...["witness", "front"].map(
    (name): Allowance => ({
      resource: `${name} pulumi:providers:aws`,
      only: "home",
      reason:
        "Whom the global tier's resources in other regions are asked of; the peer's stack makes none there.",
    }),
  ),
  {
    resource: "* aws:kms/key:Key",
    only: "home",
    reason: "The home cell makes the multi-Region key …",
  },
  {
    resource: "* aws:kms/replicaKey:ReplicaKey",
    only: "peer",
    reason: "… and the peer a replica of it: the same key, used through its own region's KMS alone.",
  },
  ...["secret:Secret", "secretVersion:SecretVersion"].map(
    (type): Allowance => ({
      resource: `*/secrets/* aws:secretsmanager/${type}`,
      only: "home",
      reason:
        "The home cell makes each secret, and Secrets Manager its replica in the peer's region, which the peer's stack reads.",
    }),
  ),
  ...["databaseName", "masterUsername", "masterPasswordWo", "masterPasswordWoVersion"].map(
    (property): Allowance => ({
      resource: "* aws:rds/cluster:Cluster",
      property: `inputs.${property}`,
      only: "home",
      reason:
        "A member that joins a global database takes database, owner and password from it: AWS refuses them there.",
    }),
  ),
  ...[
    ["* aws:rds/*", "inputs.preferredMaintenanceWindow"],
    ["* aws:rds/instance:Instance", "inputs.maintenanceWindow"],
  ].map(
    ([resource = "", property = ""]): Allowance => ({
      resource,
      property,
      reason: "Both cells' stores are never under maintenance on the same day.",
    }),
  ),
  ...[
    "inputs.atRestEncryptionEnabled",
    "inputs.transitEncryption*",
    "inputs.engine*",
    "inputs.nodeType",
    "inputs.port",
    "*inputs.parameterGroupName",
  ].map(
    (property): Allowance => ({
      resource: "* aws:elasticache/replicationGroup:ReplicationGroup",
      property,
      only: "home",
      reason:
        "A member that joins a global datastore takes engine, node type, port, parameters and encryption from it: AWS refuses them there.",
    }),
  ),
  {
    resource: "* aws:elasticache/replicationGroup:ReplicationGroup",
    property: "inputs.globalReplicationGroupId",
    only: "peer",
    reason: "The peer's cache joins the datastore that was made of the home cell's.",
  },
  {
    resource: "* aws:elasticache/parameterGroup:ParameterGroup",
    only: "home",
    reason: "AWS copies the primary's parameter group to the members of a global datastore.",
  },
];
