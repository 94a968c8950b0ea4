import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { callersOf, dataFirewall } from "../data-firewall.ts";
import { postgresPort } from "../network/ports.ts";
import type { DatabasePart, KeyPart, NetworkPart, SecretsPart } from "../parts.ts";
import { storeOwner } from "../secrets/specs.ts";
import { DATABASE, maintenance, POSTGRES } from "./engine.ts";
import { memberInstances } from "./member-instances.ts";
import { monitoringRole } from "./monitoring-role.ts";
import { clusterParameters } from "./parameters.ts";

export interface AuroraMemberArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "vpcId" | "dataSubnetIds" | "ranges">;
  readonly keys: KeyPart;
  readonly secrets: Pick<SecretsPart, "databasePassword">;
  /** In the home cell, the global database that the member is born into. */
  readonly global?: Resource | undefined;
}

/** Turned when the owner's password in Secrets Manager was changed, in the stack of the cell that holds the writer. */
const PASSWORD_VERSION = 1;

/**
 * What a handover, or AWS after one, changes by itself. Asked for again it would detach the member (an empty
 * `replicationSourceIdentifier` promotes it), replace it, or be refused (a cluster cannot be put into a global database
 * later). `availabilityZones` is not asked for at all: AWS makes three of however many are named, and then differs.
 */
const HANDED_OVER = ["globalClusterIdentifier", "replicationSourceIdentifier", "availabilityZones"];

/** The cell's member of the global database: a cluster of its own, writer or reader as the last handover left it. */
export class AuroraMember extends ComponentResource implements DatabasePart {
  readonly clusterArn: Input<string>;
  readonly clusterIdentifier: string;
  readonly endpoint: Input<string>;
  readonly readerEndpoint: Input<string>;

  constructor(
    name: string,
    { context, network, keys, secrets, global }: AuroraMemberArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:AuroraMember", name, {}, opts);
    const { settings, names, home } = context;
    const { profile } = settings;
    const own = { parent: this };
    this.clusterIdentifier = `${names.prefix}-database`;
    const id = this.clusterIdentifier;

    const firewall = dataFirewall(
      `${name}-database`,
      {
        vpcId: network.vpcId,
        store: "database",
        port: postgresPort,
        callers: callersOf(context, network.ranges),
      },
      own,
    );
    const subnets = new aws.rds.SubnetGroup(`${name}-database`, { subnetIds: network.dataSubnetIds }, own);
    const parameters = new aws.rds.ClusterParameterGroup(
      `${name}-database`,
      {
        family: POSTGRES.clusterFamily,
        description: "Castle: TLS alone, durable commits, short statements",
        parameters: [...clusterParameters],
      },
      own,
    );
    // Made before the cluster, which would make it without encryption and for ever.
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-database`,
      {
        name: `/aws/rds/cluster/${id}/postgresql`,
        kmsKeyId: keys.keyArn,
        retentionInDays: profile.keep.logDays,
      },
      own,
    );

    const cluster = new aws.rds.Cluster(
      `${name}-database`,
      {
        clusterIdentifier: id,
        engine: "aurora-postgresql",
        engineVersion: POSTGRES.version,
        port: postgresPort,
        ...(profile.globalTier ? { globalClusterIdentifier: names.globalDatabase } : {}),
        // A member that joins has the owner and the database of the one that was there first, and AWS refuses both.
        // A password that RDS manages itself is no choice either: members of a global database cannot have one.
        ...(home
          ? {
              databaseName: DATABASE,
              masterUsername: storeOwner,
              masterPasswordWo: secrets.databasePassword,
              masterPasswordWoVersion: PASSWORD_VERSION,
            }
          : {}),
        iamDatabaseAuthenticationEnabled: true,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [firewall.id],
        dbClusterParameterGroupName: parameters.name,
        storageEncrypted: true,
        kmsKeyId: keys.keyArn,
        backupRetentionPeriod: profile.keep.backupDays,
        preferredBackupWindow: maintenance(home).backup,
        preferredMaintenanceWindow: maintenance(home).window,
        copyTagsToSnapshot: true,
        deletionProtection: profile.protectData,
        skipFinalSnapshot: !profile.protectData,
        ...(profile.protectData ? { finalSnapshotIdentifier: `${id}-final` } : {}),
        enabledCloudwatchLogsExports: ["postgresql"],
      },
      {
        ...own,
        protect: profile.protectData,
        ignoreChanges: HANDED_OVER,
        dependsOn: [logs, ...(global ? [global] : [])],
      },
    );

    const monitoring = monitoringRole(`${name}-database-monitoring`, settings.account, own);
    for (const { suffix, zone, promotionTier } of memberInstances(
      profile.database.instances,
      context.region.zones,
    ))
      new aws.rds.ClusterInstance(
        `${name}-database-${suffix}`,
        {
          identifier: `${id}-${suffix}`,
          clusterIdentifier: cluster.id,
          // Of the version of its cluster, with which it is upgraded.
          engine: "aurora-postgresql",
          instanceClass: profile.database.instanceClass,
          availabilityZone: zone,
          promotionTier,
          publiclyAccessible: false,
          autoMinorVersionUpgrade: false,
          copyTagsToSnapshot: true,
          preferredMaintenanceWindow: maintenance(home).window,
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: keys.keyArn,
          monitoringInterval: 15,
          monitoringRoleArn: monitoring.arn,
        },
        { ...own, protect: profile.protectData },
      );

    this.clusterArn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.registerOutputs({ clusterArn: this.clusterArn, endpoint: this.endpoint });
  }
}
