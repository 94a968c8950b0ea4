import { ComponentResource } from "@pulumi/pulumi";
import type { CellContext } from "./cell/context.ts";
import { CellKeys } from "./cell/keys/cell-keys.ts";
import { RegionalCell } from "./cell/regional-cell.ts";
import { CellStorage } from "./cell/storage/cell-storage.ts";
import { CacheGlobal } from "./global/cache/cache-global.ts";
import { AuroraGlobal } from "./global/database/aurora-global.ts";
import { GlobalTier } from "./global/global-tier.ts";
import { OperatorPolicy } from "./global/operators/operator-policy.ts";
import { WitnessTable } from "./global/witness-table.ts";
import type { Providers } from "./providers.ts";

export interface CastleArgs {
  readonly context: CellContext;
  readonly providers: Providers;
}

/**
 * What one stack makes: its cell, and in the home cell's stack what both cells share. The cell comes out the same either
 * way; what is shared is made before it where it joins (database, listener, zone), and after it where it is made of the
 * cell's own (the global datastore begins with a member).
 */
export class Castle extends ComponentResource {
  readonly keys: CellKeys;
  readonly storage: CellStorage;
  readonly cell: RegionalCell;
  readonly global: GlobalTier | null;
  readonly globalDatabase: AuroraGlobal | null;
  readonly globalCache: CacheGlobal | null;

  constructor(name: string, { context, providers }: CastleArgs) {
    super("castle:index:Castle", name, {}, { providers: { aws: providers.cell } });
    const { settings, home } = context;
    const { witness, front } = providers;
    const makesShared = home && settings.profile.globalTier;
    const here = { parent: this };

    this.keys = new CellKeys("cell", { context }, here);
    this.storage = new CellStorage("cell", { context, keys: this.keys }, here);
    const logsBucket = this.storage.buckets.logs.name;

    this.globalDatabase = makesShared ? new AuroraGlobal("global", { context }, here) : null;
    this.global =
      witness && front
        ? new GlobalTier(
            "global",
            { context, witness, front, accelerator: providers.accelerator, logsBucket },
            here,
          )
        : null;
    // A cell that stands alone, in a preview, asks a witness too before it acknowledges anything.
    if (witness && !front) new WitnessTable("global-witness", { context, witness }, here);
    const listenerArn = this.global?.listenerArn ?? settings.shared?.acceleratorListenerArn;

    this.cell = new RegionalCell(
      "cell",
      {
        ...{ context, keys: this.keys, storage: this.storage },
        globalDatabase: this.globalDatabase?.cluster,
        edge: listenerArn === undefined ? null : { listenerArn, provider: providers.accelerator },
      },
      here,
    );
    this.globalCache = makesShared
      ? new CacheGlobal(
          "global",
          { context, primaryReplicationGroupId: this.cell.cache.replicationGroupId },
          here,
        )
      : null;
    if (this.global && this.globalCache)
      new OperatorPolicy(
        "operators",
        {
          context,
          clusterIdentifier: this.cell.database.clusterIdentifier,
          keyArn: this.keys.keyArn,
          globalReplicationGroupId: this.globalCache.globalReplicationGroupId,
          listenerArn: this.global.listenerArn,
        },
        here,
      );
    this.registerOutputs({});
  }
}
