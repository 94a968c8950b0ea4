import { lookup } from "node:dns/promises";

/** Where a cell's database is reached. */
export interface DatabasePlaces {
  /** Of Aurora's cluster endpoint, which leads to the writer. */
  readonly url: string;
  /** Of its reader endpoint; undefined where the first always leads somewhere, as in a lab. */
  readonly readerUrl?: string | undefined;
}

export type Resolves = (host: string) => Promise<boolean>;

/**
 * Where the cell's database is reached now. Aurora's cluster endpoint leads to the writer, and in a secondary there is
 * none: until the cell is promoted its reader endpoint is all there is.
 * Source: Amazon Aurora User Guide, "Connecting to Amazon Aurora Global Database".
 */
export async function placeNow(
  { url, readerUrl }: DatabasePlaces,
  resolves: Resolves = isKnown,
): Promise<string> {
  return readerUrl === undefined || (await resolves(new URL(url).hostname)) ? url : readerUrl;
}

/** Only a name that there is none of is unknown: a resolver that is silent says nothing about an endpoint. */
export const isKnown: Resolves = (host) =>
  lookup(host).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOTFOUND",
  );
