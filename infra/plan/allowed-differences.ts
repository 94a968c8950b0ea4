import type { Allowance } from "./compare/allowance.ts";

/**
 * Where the cell of the home region and that of its peer are meant to differ, and why. What differs by nothing but the
 * cell's own facts (region, zones, address range, stack, peer) needs no entry. An entry that allows nothing fails the
 * plan, as does a difference without one.
 */
export const allowedDifferences: readonly Allowance[] = [
  ...["GlobalTier", "AuroraGlobal", "CacheGlobal", "OperatorPolicy"].map(
    (shared): Allowance => ({
      resource: `* castle:global:${shared}`,
      only: "home",
      reason:
        "What both cells share is made once, by the home cell's stack; the peer is told of it by its settings.",
    }),
  ),
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
      resource: `*/CellSecrets/* aws:secretsmanager/${type}`,
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
  {
    resource: "* castle:cell:AdminVpc",
    only: "home",
    reason: "Observability and SIEM of the whole platform stand once, beside the home cell.",
  },
  {
    resource: "*/CellRegistry/* aws:ecr/replicationConfiguration:ReplicationConfiguration",
    only: "home",
    reason: "Images are pushed in the home region, from which ECR copies them to the peer's.",
  },
  {
    resource: "*/PeerLink/* aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    only: "peer",
    reason: "The peer cell is built second, and asks for the connection …",
  },
  {
    resource: "*/PeerLink/* aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    only: "home",
    reason: "… which the home cell accepts …",
  },
  {
    resource: "*/PeerLink/*",
    property: "*inputs.vpcPeeringConnectionId",
    reason: "… by the id that its settings tell, where the peer's stack has the connection itself.",
  },
  {
    resource: "*/AuroraMember/* aws:rds/cluster:Cluster",
    property: "options.dependsOn",
    reason:
      "The home cell's member is born into the global database that its stack makes; the peer's joins it.",
  },
  {
    resource: "*/EdgeEndpoint/*",
    property: "*inputs.listenerArn",
    reason: "The home cell's stack makes the listener; the peer's is told of it by its settings.",
  },
  ...[
    ["*/RegionalAudit/* aws:cfg/recorder:Recorder", "inputs.recordingGroup.includeGlobalResourceTypes"],
    ["*/RegionalAudit/* aws:cloudtrail/trail:Trail", "inputs.includeGlobalServiceEvents"],
    ["*/RegionalAudit/* aws:cloudtrail/trail:Trail", "inputs.isMultiRegionTrail"],
  ].map(
    ([resource = "", property = ""]): Allowance => ({
      resource,
      property,
      reason: "What belongs to no region is recorded once, in the home region.",
    }),
  ),
  {
    resource: "outputs of the stack",
    property: "*",
    only: "home",
    reason: "What the runbooks are told of the whole platform, the home cell's stack tells.",
  },
  {
    resource: "outputs of the stack",
    property: "forPeer",
    reason:
      "Each stack tells the other what the other's settings are to hold: the home cell's, what is shared, too.",
  },
];
