import knex, { type Knex } from "knex";

/** PostgreSQL's and Castle's own conditions that code decides on. */
export const sqlState = {
  staleEpoch: "CS001",
  otherCommandThere: "CS002",
  /** Somebody else has applied commands of the stream meanwhile. */
  appliedMeanwhile: "CS003",
  /** What a batch was decided on does not hold any more. */
  decidedMeanwhile: "CS004",
  uniqueViolation: "23505",
  deadlock: "40P01",
  serialization: "40001",
  readOnly: "25006",
} as const;

/**
 * A pool of connections. `name` shows in pg_stat_activity; connections are made when first needed.
 * @param place the URL, or where it is asked for anew for each connection; what that rejects with is told to whoever
 * wanted the connection
 */
export function connectDatabase(
  place: string | (() => Promise<string>),
  options: { name: string; max: number; idleMs?: number },
): Knex {
  const settings = (url: string) => ({
    connectionString: url,
    application_name: options.name,
    keepAlive: true,
    connectionTimeoutMillis: 2_000,
    // A statement that outlives this waits on a server that is gone or frozen; nothing Castle runs takes so long.
    query_timeout: 15_000,
  });
  return knex({
    client: "pg",
    connection:
      typeof place === "string"
        ? settings(place)
        : async () => ({ ...settings(await place()), expirationChecker: () => true }),
    pool: {
      min: 0,
      max: options.max,
      acquireTimeoutMillis: 5_000,
      idleTimeoutMillis: options.idleMs ?? 30_000,
    },
    acquireConnectionTimeout: 5_000,
    // Knex would print what its callers are told anyway, and between the lines of JSON that stdout is for.
    log: { debug: ignore, deprecate: ignore, error: ignore, warn: ignore },
  });
}

const ignore = (): void => undefined;

/** The SQLSTATE of an error that came from the server; undefined for any other. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Whether the cell's database, or a journal, refused because another epoch holds it. */
export const isStaleEpoch = (error: unknown): boolean => sqlStateOf(error) === sqlState.staleEpoch;
