import { once } from "node:events";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import type { Redis } from "ioredis";

export interface CacheFacts {
  readonly role: "master" | "slave";
  /** Of the history that it writes or follows. */
  readonly replicationId: string;
  /** Bytes of that history that it has. */
  readonly offset: number;
  /** Whether it hears its primary, and how long ago it last did; null for a primary. */
  readonly link: { readonly up: boolean; readonly heardSecondsAgo: number } | null;
  readonly version: string;
  readonly evictionPolicy: string;
}

const CONNECTED_WITHIN: Duration = seconds(4);

/** Everything INFO tells that readiness asks for. CONFIG would tell more, and ElastiCache does not allow it. */
export async function cacheFacts(redis: Redis): Promise<CacheFacts> {
  // Rejects with the reason as soon as a connection fails.
  if (redis.status !== "ready")
    await once(redis, "ready", { signal: AbortSignal.timeout(CONNECTED_WITHIN.ms) });
  return parseInfo(await redis.info());
}

/** @throws Error when a line that every Redis has is missing. */
export function parseInfo(info: string): CacheFacts {
  const fields = new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(":"))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const field = (name: string): string => {
    const found = fields.get(name);
    if (found === undefined) throw new Error(`Redis told no ${name} in INFO`);
    return found;
  };
  const role = field("role") === "slave" ? "slave" : "master";
  return {
    role,
    replicationId: field("master_replid"),
    offset: Number(role === "slave" ? field("slave_repl_offset") : field("master_repl_offset")),
    link:
      role === "slave"
        ? {
            up: field("master_link_status") === "up",
            heardSecondsAgo: Number(field("master_last_io_seconds_ago")),
          }
        : null,
    version: field("redis_version"),
    evictionPolicy: field("maxmemory_policy"),
  };
}
