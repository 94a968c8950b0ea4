import type { Socket } from "node:net";
import pg from "pg";

/** A statement that is parsed and planned once per connection; `name` identifies it there. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

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
  #lost: Error | null = null;

  private constructor(client: pg.Client, what: string, onLost: (error: Error) => void) {
    this.#client = client;
    this.#what = what;
    const lose = (error: Error): void => {
      if (this.#lost) return;
      this.#lost = error;
      onLost(error);
    };
    client.on("error", lose);
    client.on("end", () => lose(new Error("ended")));
  }

  /** @param name shows in pg_stat_activity. @param onLost called once when the connection is gone. */
  static async open(
    url: string,
    options: { name: string; connectWithinMs?: number; onLost: (error: Error) => void },
  ): Promise<PipelinedConnection> {
    const config: pg.ClientConfig & { pipeline: boolean } = {
      connectionString: url,
      application_name: options.name,
      connectionTimeoutMillis: options.connectWithinMs ?? 2_000,
      keepAlive: true,
      pipeline: true,
      // Everything that runs here finds few rows by key. A plan is made once per connection, perhaps while the tables
      // are still empty and a scan looks cheapest, and would then be kept while they grow.
      options: "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off",
    };
    const client = new pg.Client(config);
    const connection = new PipelinedConnection(client, options.name, options.onLost);
    await client.connect();
    return connection;
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  async run<Row extends pg.QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    if (this.#lost) throw new ConnectionLost(this.#what, this.#lost);
    try {
      const result = await this.#client.query<Row>({ ...statement, values });
      return result.rows;
    } catch (error) {
      if (this.#lost) throw new ConnectionLost(this.#what, this.#lost);
      throw error;
    }
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

  /** Calls `listener` for every notification on the channel. The name is ours, never a user's. */
  async listen(channel: string, listener: (payload: string) => void): Promise<void> {
    this.#client.on("notification", (message) => {
      if (message.channel === channel) listener(message.payload ?? "");
    });
    await this.#client.query({ text: `listen ${channel}`, values: [] });
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
