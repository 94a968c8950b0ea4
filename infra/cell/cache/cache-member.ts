import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { callersOf, dataFirewall } from "../data-firewall.ts";
import { cachePort } from "../network/ports.ts";
import type { CachePart, KeyPart, NetworkPart, SecretsPart } from "../parts.ts";
import { REDIS } from "./engine.ts";

export interface CacheMemberArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "vpcId" | "dataSubnetIds" | "ranges">;
  readonly keys: KeyPart;
  readonly secrets: Pick<SecretsPart, "cacheToken">;
}

/** Turned when the token in Secrets Manager was changed. */
const TOKEN_VERSION = 1;

/**
 * In a global datastore these are the datastore's: AWS copies the parameter group, and refuses to change version or node
 * type of one member ("is part of a global cluster"). They are turned in CacheGlobal.
 */
const DATASTORES = ["engineVersion", "parameterGroupName", "nodeType", "globalReplicationGroupId"];

/** The cell's cache: the queue of what comes after a trade, which can be rebuilt from PostgreSQL. Primary or secondary as the last handover left it. */
export class CacheMember extends ComponentResource implements CachePart {
  /** Known before anything exists. */
  readonly identifier: string;
  /** The same, and there only once the cache is: the global datastore begins with it. */
  readonly replicationGroupId: Output<string>;
  readonly endpoint: Input<string>;

  constructor(
    name: string,
    { context, network, keys, secrets }: CacheMemberArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:CacheMember", name, {}, opts);
    const { settings, names, region } = context;
    const { profile, shared } = settings;
    const own = { parent: this };
    // The datastore tells its members by this id alone, and by it the runbooks know which is the primary: with the
    // same id in both cells they could not.
    this.identifier = `${names.prefix}-${region.name}`;
    const { nodes } = profile.cache;

    const firewall = dataFirewall(
      `${name}-cache`,
      {
        vpcId: network.vpcId,
        store: "cache",
        port: cachePort,
        callers: callersOf(context, network.ranges),
      },
      own,
    );
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-cache`,
      { subnetIds: network.dataSubnetIds },
      own,
    );
    const logs = (["engine-log", "slow-log"] as const).map((log) => ({
      log,
      group: new aws.cloudwatch.LogGroup(
        `${name}-cache-${log}`,
        {
          name: `/aws/elasticache/${this.identifier}/${log}`,
          kmsKeyId: keys.keyArn,
          retentionInDays: profile.keep.logDays,
        },
        own,
      ),
    }));

    const group = new aws.elasticache.ReplicationGroup(
      `${name}-cache`,
      {
        replicationGroupId: this.identifier,
        description: `Castle's cache in ${region.name}`,
        ...(shared
          ? // A secondary takes version, node type, parameters and both kinds of encryption from the datastore, and is
            // refused when it names one of them.
            { globalReplicationGroupId: shared.globalReplicationGroupId }
          : this.#asFirst(name, context)),
        kmsKeyId: keys.keyArn,
        authTokenWo: secrets.cacheToken,
        authTokenWoVersion: TOKEN_VERSION,
        numCacheClusters: nodes,
        preferredCacheClusterAzs: region.zones.slice(0, nodes),
        // Within the region alone: between regions there is no automatic failover.
        automaticFailoverEnabled: nodes > 1,
        multiAzEnabled: nodes > 1,
        subnetGroupName: subnets.name,
        securityGroupIds: [firewall.id],
        autoMinorVersionUpgrade: false,
        snapshotRetentionLimit: 1,
        logDeliveryConfigurations: logs.map(({ log, group }) => ({
          logType: log,
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: group.name,
        })),
      },
      {
        ...own,
        protect: profile.protectData,
        // A cache that stands alone is its own master, and may be resized.
        ignoreChanges: profile.globalTier ? DATASTORES : [],
      },
    );

    this.replicationGroupId = group.replicationGroupId;
    this.endpoint = group.primaryEndpointAddress;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** What the first member is made with, and gives to the datastore. */
  #asFirst(name: string, { settings }: CellContext): Partial<aws.elasticache.ReplicationGroupArgs> {
    const parameters = new aws.elasticache.ParameterGroup(
      `${name}-cache`,
      {
        family: REDIS.family,
        description: "Castle: what is full refuses, and drops no job",
        parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
      },
      { parent: this },
    );
    return {
      engine: "redis",
      engineVersion: REDIS.version,
      nodeType: settings.profile.cache.nodeType,
      port: cachePort,
      parameterGroupName: parameters.name,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
    };
  }
}
