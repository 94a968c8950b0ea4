import type { Knex } from "knex";
import type { CellConfig } from "../config.ts";
import { connectDatabase, connectMovingDatabase } from "./connect.ts";
import { placeNow } from "./place.ts";

/**
 * A pool on the service's own cell's database. In a standby on AWS it leads to a reader; once the cell is promoted it leads
 * to the writer without a restart, since the role is written through the same pool and a reader refuses to write.
 */
export function connectOwnDatabase(
  { databaseUrl: url, databaseReaderUrl: readerUrl }: Pick<CellConfig, "databaseUrl" | "databaseReaderUrl">,
  options: { readonly name: string; readonly max: number },
): Knex {
  return readerUrl === undefined
    ? connectDatabase(url, options)
    : connectMovingDatabase(() => placeNow({ url, readerUrl }), options);
}
