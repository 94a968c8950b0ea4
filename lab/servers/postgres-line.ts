import pg from "pg";

export interface PostgresLineOptions {
  readonly url: string;
  /** A connection, or an answer, that takes longer has failed. Milliseconds. */
  readonly withinMs: number;
}

/**
 * One connection to a server, kept open for statements that are asked again and again, one at a time. Opened with the
 * first statement, and again with the next one after it failed.
 */
export class PostgresLine {
  readonly #options: PostgresLineOptions;
  #client: pg.Client | null = null;

  constructor(options: PostgresLineOptions) {
    this.#options = options;
  }

  /** @throws Error when the server cannot be reached, refuses, or does not answer in time */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const client = this.#client ?? (await this.#open());
    try {
      return (await client.query<Row>(sql)).rows;
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  close(): void {
    if (this.#client) this.#drop(this.#client);
  }

  async #open(): Promise<pg.Client> {
    const { url, withinMs } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: withinMs,
      query_timeout: withinMs,
    });
    client.on("error", () => this.#drop(client)); // a statement under way says so too
    client.on("end", () => this.#drop(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    // Not waited for: a server that freezes now would never answer the farewell.
    client.end().catch(() => undefined);
  }
}

/** `cannot_connect_now`, `admin_shutdown`, `crash_shutdown`: it starts, stops or recovers. */
const NOT_SERVING = new Set(["ECONNREFUSED", "57P01", "57P02", "57P03"]);

/** Whether an error says that the server does not serve now, as opposed to that nothing was heard of it. */
export const saysNotServing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && NOT_SERVING.has(String(error.code));
