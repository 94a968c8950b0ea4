import { Redis } from "ioredis";
import { Daemon } from "../processes/daemon.ts";
import type { Host } from "../processes/host.ts";
import { until } from "../processes/until.ts";
import { infoField, type RedisReplication, redisReplication } from "./redis-replication.ts";

export interface RedisOptions {
  readonly host: Host;
  readonly program: string;
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly log: string;
  /** Where it finds the primary whenever it is a replica: the link's port. Absent: it is always a primary. */
  readonly primaryPort?: number;
}

const START_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 5_000;
const COMMAND_WITHIN_MS = 3_000;

/** One real Redis server, on loopback alone, with a password. Its configuration is given on its standard input. */
export class RedisServer {
  readonly port: number;
  readonly daemon: Daemon;
  readonly #options: RedisOptions;
  /** What the next start is: a replica of `primaryPort`, or a primary. */
  replicates = false;

  constructor(options: RedisOptions) {
    this.#options = options;
    this.port = options.port;
    this.daemon = new Daemon({
      name: options.name,
      launch: () => this.#launch(),
      ready: (_pid, abort) => this.#ready(abort),
      stopSignal: "SIGTERM",
      stopWithinMs: STOP_WITHIN_MS,
      log: options.log,
    });
  }

  get url(): string {
    return `redis://:${this.#options.password}@127.0.0.1:${this.port}`;
  }

  start(): Promise<void> {
    return this.daemon.start();
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  /** Makes it a primary, with what it holds. */
  async promote(): Promise<void> {
    this.replicates = false;
    await this.#command((redis) => redis.replicaof("NO", "ONE"));
  }

  /** Makes it a replica: it drops what it holds and copies the primary's. */
  async demote(): Promise<void> {
    const { primaryPort } = this.#options;
    if (primaryPort === undefined) throw new Error(`${this.#options.name} has no primary to follow`);
    this.replicates = true;
    await this.#command((redis) => redis.replicaof("127.0.0.1", primaryPort));
  }

  async replication(): Promise<RedisReplication> {
    return redisReplication(await this.#command((redis) => redis.info()));
  }

  /** The server's own version, for example "7.0.15". */
  async version(): Promise<string> {
    return infoField(await this.#command((redis) => redis.info("server")), "redis_version") ?? "";
  }

  #launch() {
    const { host, program, folder, port, password, primaryPort, log } = this.#options;
    const lines = [
      `port ${port}`,
      "bind 127.0.0.1",
      "protected-mode yes",
      `requirepass ${password}`,
      `masterauth ${password}`,
      `dir "${folder}"`,
      // All of it can be rebuilt from PostgreSQL; the append-only file saves doing so after a mere restart.
      'save ""',
      "appendonly yes",
      "appendfsync everysec",
      "maxmemory 256mb",
      "maxmemory-policy noeviction",
      "databases 1",
      "repl-diskless-sync yes",
      "repl-diskless-sync-delay 0",
      "repl-ping-replica-period 1",
      "repl-timeout 10",
      "daemonize no",
      "loglevel notice",
      ...(this.replicates && primaryPort !== undefined ? [`replicaof 127.0.0.1 ${primaryPort}`] : []),
    ];
    return host.spawn({ command: program, args: ["-"], input: `${lines.join("\n")}\n`, log, as: "server" });
  }

  async #ready(abort: AbortSignal): Promise<void> {
    await until(async () => (await this.#command((redis) => redis.ping())) === "PONG", {
      what: `${this.#options.name} to answer (see ${this.#options.log})`,
      withinMs: START_WITHIN_MS,
      everyMs: 10,
      signal: abort,
    });
  }

  async #command<Answer>(send: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    const redis = new Redis(this.url, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: COMMAND_WITHIN_MS,
      commandTimeout: COMMAND_WITHIN_MS,
      enableReadyCheck: false,
    });
    redis.on("error", () => undefined); // the command says so too
    try {
      await redis.connect();
      return await send(redis);
    } finally {
      redis.disconnect();
    }
  }
}
