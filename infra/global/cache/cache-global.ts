import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { REDIS } from "../../cell/cache/engine.ts";
import type { CellContext } from "../../cell/context.ts";

export interface CacheGlobalArgs {
  readonly context: CellContext;
  /** The home cell's cache, which is the primary at birth. */
  readonly primaryReplicationGroupId: Input<string>;
}

/**
 * The global datastore over both caches. Which of them is the primary the runbooks decide: `primaryReplicationGroupId`
 * reads back as the primary of *now*, and asked for again it would replace the datastore.
 */
export class CacheGlobal extends ComponentResource {
  /** With the prefix that AWS puts before the suffix: what the peer's stack is told as shared.globalReplicationGroupId. */
  readonly globalReplicationGroupId: Output<string>;

  constructor(
    name: string,
    { context, primaryReplicationGroupId }: CacheGlobalArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:global:CacheGlobal", name, {}, opts);
    const { settings, names } = context;
    const datastore = new aws.elasticache.GlobalReplicationGroup(
      `${name}-cache`,
      {
        globalReplicationGroupIdSuffix: names.globalDatastoreSuffix,
        globalReplicationGroupDescription: "Castle's caches in both regions",
        primaryReplicationGroupId,
        // Of all members at once: the one place where they can be turned.
        cacheNodeType: settings.profile.cache.nodeType,
        engineVersion: REDIS.version,
        automaticFailoverEnabled: settings.profile.cache.nodes > 1,
      },
      { parent: this, protect: settings.profile.protectData, ignoreChanges: ["primaryReplicationGroupId"] },
    );
    this.globalReplicationGroupId = datastore.globalReplicationGroupId;
    this.registerOutputs({ globalReplicationGroupId: this.globalReplicationGroupId });
  }
}
