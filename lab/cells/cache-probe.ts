import type { RedisServer } from "../servers/redis.ts";
import { RedisLine } from "../servers/redis-line.ts";
import { type RedisReplication, redisReplication } from "../servers/redis-replication.ts";
import { type MemberAnswer, MemberProbe } from "./member-probe.ts";

/** Far beyond what a busy machine takes. Milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** Asks the cache of one cell, over a connection that stays open. */
export class CacheProbe {
  readonly #line: RedisLine;
  readonly #probe: MemberProbe<RedisReplication>;

  /** @param process the id of the server's process, null while it cannot answer */
  constructor(server: RedisServer, process: () => number | null) {
    this.#line = new RedisLine({ url: server.url, withinMs: ANSWER_WITHIN_MS });
    this.#probe = new MemberProbe({
      ask: async () => redisReplication(await this.#line.info()),
      process,
      refuses: (error) => error instanceof Error && "code" in error && error.code === "ECONNREFUSED",
    });
  }

  read(): Promise<MemberAnswer<RedisReplication>> {
    return this.#probe.read();
  }

  close(): void {
    this.#line.close();
  }
}
