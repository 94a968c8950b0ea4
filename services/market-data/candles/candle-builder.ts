import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";
import { candleSpans } from "./spans.ts";

/** Trades that one transaction takes in at most. */
const MOST_TRADES = 5_000;

/**
 * Brings a symbol's candles to the end of its projected trades. What is contained already adds nothing, so that it may be
 * called for one job twice, or by two workers at once.
 * @returns how many trades were taken in
 * @throws SQLSTATE CS001 when the database is in another epoch
 */
export async function buildCandles(
  db: Knex,
  cell: { readonly epoch: Epoch; readonly region: RegionName },
  symbol: string,
  mostTrades = MOST_TRADES,
): Promise<number> {
  let total = 0;
  for (;;) {
    const { rows } = await db.raw<{ rows: { found: number }[] }>(
      "select castle_build_candles(?, ?, ?, ?, ?) as found",
      [cell.epoch, cell.region, symbol, [...candleSpans], mostTrades],
    );
    const found = rows[0]?.found ?? 0;
    total += found;
    if (found < mostTrades) return total;
  }
}
