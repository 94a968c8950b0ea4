import type { Socket } from "node:net";
import pg from "pg";

/** A statement that is parsed and planned once per connection; `name` identifies it there. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const WATCH_EVERY_MS = 100;

/** The connection ended, or was given up. Whether what was under way took effect is not known. */
export class ConnectionLost extends Error {
  constructor(what: string, cause: Error) {
    super(`${what}: the connection was lost: ${cause.message}`, { cause });
    this.name = "ConnectionLost";
  }
}

/**
 * One PostgreSQL connection on which statements go out without waiting for the answers before them: they are executed
 * in order, and a round trip is paid once for all that are under way. For the hot paths (acceptance, journal, applying);
 * everything else uses a pool.
 */
export class PipelinedConnection {
  readonly #client: pg.Client;
  readonly #what: string;
  /** When each statement under way was sent, oldest first. */
  readonly #unanswered = new Map<number, number>();
  #sent = 0;
  #lost: Error | null = null;

  private constructor(
    client: pg.Client,
    what: string,
    answerWithinMs: number,
    onLost: (error: Error) => void,
  ) {
    this.#client = client;
    this.#what = what;
    const watchdog = setInterval(() => {
      if (this.silentForMs() > answerWithinMs) this.destroy(`no answer for ${answerWithinMs} ms`);
    }, WATCH_EVERY_MS).unref();
    const lose = (error: Error): void => {
      if (this.#lost) return;
      this.#lost = error;
      clearInterval(watchdog);
      onLost(error);
    };
    client.on("error", lose);
    client.on("end", () => lose(new Error("ended")));
  }

  /**
   * @param name shows in pg_stat_activity.
   * @param answerWithinMs a statement that takes longer is not waited for: the connection is given up.
   * @param onLost called once when the connection is gone.
   */
  static async open(
    url: string,
    options: {
      name: string;
      connectWithinMs?: number;
      answerWithinMs?: number;
      /** PostgreSQL's own, by name. */
      settings?: Readonly<Record<string, string>>;
      onLost: (error: Error) => void;
    },
  ): Promise<PipelinedConnection> {
    const config: pg.ClientConfig & { pipeline: boolean } = {
      connectionString: url,
      application_name: options.name,
      connectionTimeoutMillis: options.connectWithinMs ?? 2_000,
      keepAlive: true,
      pipeline: true,
      // Everything that runs here finds few rows by key. A plan is made once per connection, perhaps while the tables
      // are still empty and a scan looks cheapest, and would then be kept while they grow.
      options: Object.entries({
        ...{ enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" },
        ...options.settings,
      })
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(" "),
    };
    const client = new pg.Client(config);
    const connection = new PipelinedConnection(
      client,
      options.name,
      options.answerWithinMs ?? Number.POSITIVE_INFINITY,
      options.onLost,
    );
    await client.connect();
    return connection;
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  async run<Row extends pg.QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    if (this.#lost) throw new ConnectionLost(this.#what, this.#lost);
    const id = this.#sent++;
    this.#unanswered.set(id, performance.now());
    try {
      const result = await this.#client.query<Row>({ ...statement, values });
      return result.rows;
    } catch (error) {
      if (this.#lost) throw new ConnectionLost(this.#what, this.#lost);
      throw error;
    } finally {
      this.#unanswered.delete(id);
    }
  }

  /** Milliseconds for which the oldest statement under way has had no answer; 0 when nothing is under way. */
  silentForMs(now = performance.now()): number {
    const oldest = this.#unanswered.values().next().value;
    return oldest === undefined ? 0 : now - oldest;
  }

  /** Sends what `statements` runs in one write: they are known at once, and a write costs more than a statement. */
  together<T>(statements: () => T): T {
    const { stream } = Reflect.get(this.#client, "connection") as unknown as { stream: Socket };
    stream.cork();
    try {
      return statements();
    } finally {
      // What runs is sent in this very tick, unless the connection is still busy with what was asked before.
      stream.uncork();
    }
  }

  /** Gives the connection up at once: what is under way fails as lost. */
  destroy(because: string): void {
    const { stream } = Reflect.get(this.#client, "connection") as unknown as { stream: Socket };
    stream.destroy(new Error(because));
  }

  async close(): Promise<void> {
    if (!this.#lost) await this.#client.end().catch(() => undefined);
  }
}

/** Waits for every call, also when one fails, so that no answer of this transaction meets the next one. */
export async function settleAll<T extends readonly Promise<unknown>[]>(
  ...calls: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(calls);
  const failed = settled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return Promise.all(calls) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}
