import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { callersOf, dataFirewall } from "../data-firewall.ts";
import { postgresPort } from "../network/ports.ts";
import type { JournalPart, KeyPart, NetworkPart, SecretsPart } from "../parts.ts";
import { storeOwner } from "../secrets/specs.ts";
import { maintenance, POSTGRES } from "./engine.ts";
import { monitoringRole } from "./monitoring-role.ts";
import { journalParameters } from "./parameters.ts";

export interface JournalDatabaseArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "vpcId" | "dataSubnetIds" | "ranges">;
  readonly keys: KeyPart;
  readonly secrets: Pick<SecretsPart, "journalPassword">;
}

/** Turned when the owner's password in Secrets Manager was changed. */
const PASSWORD_VERSION = 1;
/** Storage may grow to this many times its first size by itself: the peer must never be refused for want of it. */
const MOST_GROWTH = 5;

/**
 * The journal of this cell holds the *peer's* accepted commands, and fences it. It takes part in no replication and no
 * handover: an instance with a synchronous copy in another zone, which the loss of a zone does not stop.
 */
export class JournalDatabase extends ComponentResource implements JournalPart {
  readonly instanceIdentifier: string;
  readonly endpoint: Input<string>;

  constructor(
    name: string,
    { context, network, keys, secrets }: JournalDatabaseArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:JournalDatabase", name, {}, opts);
    const { settings, names, home } = context;
    const { profile } = settings;
    const own = { parent: this };
    // The peer's stack knows the journal's host name by it: see settings.peer.journalEndpoint.
    this.instanceIdentifier = `${names.prefix}-journal`;
    const id = this.instanceIdentifier;

    const firewall = dataFirewall(
      `${name}-journal`,
      {
        vpcId: network.vpcId,
        store: "journal",
        port: postgresPort,
        callers: callersOf(context, network.ranges),
      },
      own,
    );
    const subnets = new aws.rds.SubnetGroup(`${name}-journal`, { subnetIds: network.dataSubnetIds }, own);
    const parameters = new aws.rds.ParameterGroup(
      `${name}-journal`,
      {
        family: POSTGRES.instanceFamily,
        description: "Castle: TLS alone, durable commits, a table that is pruned all the time",
        parameters: [...journalParameters],
      },
      own,
    );
    const logs = ["postgresql", "upgrade"].map(
      (log) =>
        new aws.cloudwatch.LogGroup(
          `${name}-journal-${log}`,
          {
            name: `/aws/rds/instance/${id}/${log}`,
            kmsKeyId: keys.keyArn,
            retentionInDays: profile.keep.logDays,
          },
          own,
        ),
    );
    const monitoring = monitoringRole(`${name}-journal-monitoring`, settings.account, own);

    const instance = new aws.rds.Instance(
      `${name}-journal`,
      {
        identifier: id,
        engine: "postgres",
        engineVersion: POSTGRES.version,
        instanceClass: profile.journal.instanceClass,
        multiAz: profile.journal.multiAz,
        port: postgresPort,
        dbName: "journal",
        username: storeOwner,
        passwordWo: secrets.journalPassword,
        passwordWoVersion: PASSWORD_VERSION,
        iamDatabaseAuthenticationEnabled: true,
        storageType: "gp3",
        allocatedStorage: profile.journal.storageGiB,
        maxAllocatedStorage: MOST_GROWTH * profile.journal.storageGiB,
        storageEncrypted: true,
        kmsKeyId: keys.keyArn,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [firewall.id],
        publiclyAccessible: false,
        parameterGroupName: parameters.name,
        autoMinorVersionUpgrade: false,
        backupRetentionPeriod: profile.keep.backupDays,
        backupWindow: maintenance(home).backup,
        maintenanceWindow: maintenance(home).window,
        copyTagsToSnapshot: true,
        deletionProtection: profile.protectData,
        skipFinalSnapshot: !profile.protectData,
        ...(profile.protectData ? { finalSnapshotIdentifier: `${id}-final` } : {}),
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: keys.keyArn,
        monitoringInterval: 15,
        monitoringRoleArn: monitoring.arn,
      },
      { ...own, protect: profile.protectData, dependsOn: logs },
    );

    this.endpoint = instance.address;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
