import knex, { type Knex } from "knex";

const PATIENCE_MS = 60_000;

/** A test's own pool: on a machine where everything takes long, it waits where a service would give up. */
export const patientPool = (url: string, max = 4): Knex =>
  knex({
    client: "pg",
    connection: {
      connectionString: url,
      application_name: "test",
      connectionTimeoutMillis: PATIENCE_MS,
    },
    pool: { min: 0, max, acquireTimeoutMillis: PATIENCE_MS },
    acquireConnectionTimeout: PATIENCE_MS,
    // A server that a test ends is no news.
    log: { debug: ignore, deprecate: ignore, error: ignore, warn: ignore },
  });

const ignore = (): void => undefined;
