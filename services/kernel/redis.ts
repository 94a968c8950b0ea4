import { createRequire } from "node:module";
import type { Redis } from "ioredis";

const require = createRequire(import.meta.url);

/**
 * - `worker`: a BullMQ worker's; waits out any outage (`maxRetriesPerRequest: null`).
 * - `producer`: answers at once that Redis is gone instead of queueing in memory.
 * - `subscriber`: pub/sub; subscribes again by itself after a reconnect.
 */
export type RedisPurpose = "worker" | "producer" | "subscriber";

/**
 * A connection that lives through a demotion or promotion of its server: on READONLY or LOADING it reconnects and
 * sends the command again, without which ioredis clients never recover. An `error` listener is always attached; state
 * is read from `status`.
 */
export function connectRedis(url: string, purpose: RedisPurpose): Redis {
  // Loaded with the first connection: a command may come here and need none.
  const { Redis }: typeof import("ioredis") = require("ioredis");
  const redis = new Redis(url, {
    lazyConnect: false,
    maxRetriesPerRequest: purpose === "producer" ? 1 : null,
    enableOfflineQueue: purpose !== "producer",
    enableReadyCheck: purpose !== "subscriber",
    connectTimeout: 2_000,
    // A frozen or unplugged server sends nothing, not even an end; without a limit a command would wait for ever.
    ...(purpose === "producer" ? { commandTimeout: 2_000 } : {}),
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
    reconnectOnError: (error) => (/READONLY|LOADING/.test(error.message) ? 2 : false),
  });
  redis.on("error", () => undefined);
  return redis;
}
