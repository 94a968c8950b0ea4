import { createRequire } from "node:module";
import type { Knex } from "knex";

const require = createRequire(import.meta.url);

/** PostgreSQL's and Castle's own conditions that code decides on. */
export const sqlState = {
  staleEpoch: "CS001",
  otherCommandThere: "CS002",
  /** Somebody else has projected commands of the stream meanwhile. */
  projectedMeanwhile: "CS003",
  /** What a batch was decided on does not hold any more. */
  decidedMeanwhile: "CS004",
  /** Another engine leads the cell's streams. */
  staleGeneration: "CS005",
  /** Commands that do not follow the end of their stream. */
  notContiguous: "CS006",
  uniqueViolation: "23505",
  deadlock: "40P01",
  serialization: "40001",
  readOnly: "25006",
} as const;

interface PoolOptions {
  readonly name: string;
  readonly max: number;
}

/** How often it is looked whether a database has moved. Milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** A pool of connections. `name` shows in pg_stat_activity; connections are made when first needed. */
export function connectDatabase(url: string, options: PoolOptions): Knex {
  return pool(settingsOf(url, options), options);
}

/**
 * A pool on a database that moves, as a cell's does in a handover. Once its place is another, connections to the one before
 * are given up as they come back, and the next are made there.
 * @param place its URL now; what it rejects with is told to whoever wanted the first connection
 */
export function connectMovingDatabase(
  place: () => Promise<string>,
  options: PoolOptions,
  lookEveryMs = LOOK_EVERY_MS,
): Knex {
  let at: string | null = null;
  let moved = false;
  const db = pool(async () => {
    at = await place();
    moved = false;
    // Knex asks before it hands a connection out: a true one has the settings asked for anew, and the connection ended.
    return { ...settingsOf(at, options), expirationChecker: () => moved };
  }, options);
  const look = setInterval(() => {
    if (at === null || moved) return;
    place().then((now) => {
      moved = now !== at;
    }, ignore);
  }, lookEveryMs).unref();
  const destroy = db.client.destroy.bind(db.client);
  db.client.destroy = (...given: unknown[]) => {
    clearInterval(look);
    return destroy(...given);
  };
  return db;
}

const settingsOf = (url: string, { name }: PoolOptions) => ({
  connectionString: url,
  application_name: name,
  keepAlive: true,
  connectionTimeoutMillis: 2_000,
  // A statement that outlives this waits on a server that is gone or frozen; nothing Castle runs takes so long.
  query_timeout: 15_000,
});

function pool(connection: Knex.Config["connection"], { max }: PoolOptions): Knex {
  // Knex takes longer to load than a command may take to begin, and many come here for a condition's name alone.
  const { knex }: typeof import("knex") = require("knex");
  return knex({
    client: "pg",
    ...(connection === undefined ? {} : { connection }),
    pool: { min: 0, max, acquireTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 },
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
