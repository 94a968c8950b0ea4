import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { sdk } from "./sdk.ts";

export interface GlobalCacheState {
  /** Replication group that is the primary; null when none is told. */
  readonly primary: string | null;
  /** The datastore's own state: "available", "modifying", "primary-only" … */
  readonly status: string;
}

/** An ElastiCache global datastore, as the ElastiCache endpoint of one region tells and changes it. */
export class GlobalCache {
  readonly #client: ElastiCacheClient;
  readonly #id: string;

  constructor(client: ElastiCacheClient, id: string) {
    this.#client = client;
    this.#id = id;
  }

  async describe(): Promise<GlobalCacheState> {
    const { GlobalReplicationGroups: found = [] } = await this.#client.send(
      new sdk.elasticache.DescribeGlobalReplicationGroupsCommand({
        GlobalReplicationGroupId: this.#id,
        ShowMemberInfo: true,
      }),
    );
    const group = found[0];
    if (!group) throw new Error(`there is no global datastore "${this.#id}"; check the target`);
    const primary = group.Members?.find((member) => member.Role?.toUpperCase() === "PRIMARY");
    return { primary: primary?.ReplicationGroupId ?? null, status: group.Status ?? "unknown" };
  }

  /** Makes a secondary the primary; needs nothing of the old primary's region. */
  async failover(to: { readonly region: string; readonly replicationGroupId: string }): Promise<void> {
    await this.#client.send(
      new sdk.elasticache.FailoverGlobalReplicationGroupCommand({
        GlobalReplicationGroupId: this.#id,
        PrimaryRegion: to.region,
        PrimaryReplicationGroupId: to.replicationGroupId,
      }),
    );
  }
}
