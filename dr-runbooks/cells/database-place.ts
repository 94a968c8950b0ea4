import { placeNow, type Resolves } from "@castle/services/kernel/database/place.ts";
import type { CellTarget } from "../target.ts";

/**
 * Where the cell's database is reached now: see services/kernel/database/place.ts.
 * @throws Error while there are no credentials for the cell
 */
export async function databasePlace(
  {
    databaseUrl: url,
    databaseReaderUrl: readerUrl,
    withheld,
  }: Pick<CellTarget, "databaseUrl" | "databaseReaderUrl" | "withheld">,
  resolves?: Resolves,
): Promise<string> {
  if (withheld !== undefined) throw new Error(withheld);
  return placeNow({ url, readerUrl }, resolves);
}
