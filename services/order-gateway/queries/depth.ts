import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { Side } from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { publicRead, select } from "./read.ts";

const STANDARD_LEVELS = 100;
const MOST_LEVELS = 5_000;

interface LevelRow {
  readonly applied_seq: string;
  /** null in the one row of an empty book. */
  readonly side: Side | null;
  readonly price: string;
  readonly quantity: string;
}

/**
 * The book and the seq of the last command applied to it, in one statement and therefore one snapshot: what makes
 * `lastUpdateId` fit the depth stream's U and u exactly.
 */
const BOOK = `
with level as materialized (
  select side, price, sum(orig_qty - executed_qty) as quantity
  from orders where symbol = :symbol and status in ('NEW', 'PARTIALLY_FILLED')
  group by side, price
)
select p.applied_seq, l.side, l.price, l.quantity
from progress p
left join (
  (select * from level where side = 'BUY' order by price desc limit :limit)
  union all
  (select * from level where side = 'SELL' order by price limit :limit)
) l on true
where p.stream = :symbol
order by case when l.side = 'BUY' then -l.price else l.price end`;

/** GET /api/v3/depth: `limit` levels of each side, best first. */
export const depth = (options: { db: Knex; markets: readonly MarketSymbol[] }): RequestHandler =>
  publicRead(async (parameters) => {
    const symbol = parameters.symbol(options.markets).name;
    const limit = parameters.limit(STANDARD_LEVELS, MOST_LEVELS);
    const rows = await select<LevelRow>(options.db, BOOK, { symbol, limit });
    const side = (wanted: Side) =>
      rows
        .filter((row) => row.side === wanted)
        .map((row) => [formatAmount(BigInt(row.price)), formatAmount(BigInt(row.quantity))]);
    return { lastUpdateId: Number(rows[0]?.applied_seq ?? 0), bids: side("BUY"), asks: side("SELL") };
  });
