import pg from "pg";

export interface Question {
  readonly url: string;
  readonly sql: string;
  readonly values: unknown[];
  /** For the connection and for the answer each. Milliseconds. */
  readonly withinMs: number;
}

/** More questions than that are rarely under way at once. */
const MOST_IDLE = 2;

/**
 * Connections to one server that stay open between questions: making one costs both sides more than most questions do,
 * and most of all when the machine is busy. One that failed in any way is not used again.
 */
export class PostgresLines {
  readonly #idle = new Map<string, Set<pg.Client>>();
  #process: number | null = null;

  /** @param process the server's, now: connections to a former one of it are of no use any more */
  async ask<Row extends object>(
    process: number | null,
    { url, sql, values, withinMs }: Question,
  ): Promise<Row[]> {
    if (process !== this.#process) this.close();
    this.#process = process;
    const client = this.#take(url) ?? (await this.#connect(url, withinMs));
    try {
      // The types know the limit of a whole client alone; a query may have its own.
      const query = { text: sql, values, query_timeout: withinMs };
      const { rows } = await client.query<Row>(query);
      this.#keep(url, client);
      return rows;
    } catch (error) {
      drop(client);
      throw error;
    }
  }

  /** Ends those that are idle. */
  close(): void {
    for (const clients of this.#idle.values()) for (const client of clients) drop(client);
    this.#idle.clear();
  }

  #take(url: string): pg.Client | undefined {
    const idle = this.#idle.get(url);
    const [client] = idle ?? [];
    if (client) idle?.delete(client);
    return client;
  }

  #keep(url: string, client: pg.Client): void {
    const idle = this.#idle.get(url) ?? new Set();
    if (idle.size < MOST_IDLE) this.#idle.set(url, idle.add(client));
    else drop(client);
  }

  async #connect(url: string, withinMs: number): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs });
    client.on("error", () => undefined); // its question says so too
    client.once("end", () => this.#idle.get(url)?.delete(client));
    await client.connect();
    return client;
  }
}

/** Not waited for: a server that freezes now would never answer the farewell. */
const drop = (client: pg.Client): void => void client.end().catch(() => undefined);
