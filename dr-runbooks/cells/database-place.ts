import { lookup } from "node:dns/promises";
import type { CellTarget } from "../target.ts";

/**
 * Where the cell's database is reached now. Aurora's cluster endpoint leads to the writer, and in a secondary there is
 * none: until the cell is promoted its reader endpoint is all there is.
 * Source: Amazon Aurora User Guide, "Connecting to Amazon Aurora Global Database".
 * @throws Error while there are no credentials for the cell
 */
export async function databasePlace(
  {
    databaseUrl,
    databaseReaderUrl: reader,
    withheld,
  }: Pick<CellTarget, "databaseUrl" | "databaseReaderUrl" | "withheld">,
  resolves: (host: string) => Promise<boolean> = isKnown,
): Promise<string> {
  if (withheld !== undefined) throw new Error(withheld);
  if (reader === undefined || (await resolves(new URL(databaseUrl).hostname))) return databaseUrl;
  return reader;
}

/** Only a name that there is none of is unknown: a resolver that is silent says nothing about an endpoint. */
const isKnown = (host: string): Promise<boolean> =>
  lookup(host).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOTFOUND",
  );
