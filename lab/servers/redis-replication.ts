/** What a server's INFO says of its part in replication. */
export interface RedisReplication {
  readonly role: "master" | "slave";
  readonly linkUp: boolean;
  /** Since it heard its primary; null for a primary. */
  readonly heardSecondsAgo: number | null;
  /** Of clients, the asking one included. */
  readonly connections: number;
}

/** Pure. `master_link_status` is in replicas' answers only. */
export function redisReplication(info: string): RedisReplication {
  const heard = infoField(info, "master_last_io_seconds_ago");
  return {
    role: infoField(info, "role") === "slave" ? "slave" : "master",
    linkUp: infoField(info, "master_link_status") === "up",
    heardSecondsAgo: heard === undefined ? null : Number(heard),
    connections: Number(infoField(info, "connected_clients") ?? 0),
  };
}

/** A field of INFO's answer. */
export const infoField = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
