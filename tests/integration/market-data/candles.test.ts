import { epoch } from "@castle/regions/epoch.ts";
import { connectDatabase, sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import { bootstrapCell, migrateCell } from "@castle/services/kernel/database/migrate.ts";
import { buildCandles } from "@castle/services/market-data/candles/candle-builder.ts";
import { candleSpans } from "@castle/services/market-data/candles/spans.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../support/servers.ts";

const cell = { epoch: epoch(1), region: "eu-west-1" } as const;
const DAY = 86_400_000;

interface Trade {
  readonly trade_id: number;
  readonly time: number;
  readonly price: number;
  readonly quantity: number;
  readonly buyer_is_maker: boolean;
}

/** When the candle opened, by the calendar: written apart from the SQL that is checked by it. */
function openTime(span: string, time: number): number {
  const date = new Date(time);
  if (span === "1M") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (span === "1w") return midnight - ((date.getUTCDay() + 6) % 7) * DAY;
  const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY };
  const length = Number(span.slice(0, -1)) * (units[span.slice(-1)] ?? Number.NaN);
  return Math.floor(time / length) * length;
}

/** Every candle of the trades, one trade after the other. */
function rebuilt(trades: readonly Trade[]): string[] {
  const candles = new Map<
    string,
    { o: number; h: number; l: number; c: number; v: number; q: number; n: number; b: number }
  >();
  for (const { time, price, quantity, buyer_is_maker: maker } of trades)
    for (const span of candleSpans) {
      const key = `${span} ${openTime(span, time)}`;
      const made = candles.get(key) ?? { o: price, h: price, l: price, c: price, v: 0, q: 0, n: 0, b: 0 };
      candles.set(key, {
        ...{ o: made.o, h: Math.max(made.h, price), l: Math.min(made.l, price), c: price },
        ...{ v: made.v + quantity, q: made.q + price * quantity, n: made.n + 1 },
        b: made.b + (maker ? 0 : quantity),
      });
    }
  return [...candles]
    .map(([key, { o, h, l, c, v, q, n, b }]) => [key, o, h, l, c, v, q, n, b].join(" "))
    .sort();
}

describe("candles, on a real PostgreSQL", () => {
  let servers: CellServers;
  let db: Knex;
  const trades: Trade[] = [];

  const add = async (count: number): Promise<void> => {
    const from = trades.length;
    for (let at = from; at < from + count; at += 1)
      trades.push({
        trade_id: (at + 1) * 1_000,
        // Across seconds, days, weeks and months, and several in one second.
        time: Date.UTC(2026, 1, 26, 22) + Math.floor(at / 3) * 977 + Math.floor(at / 40) * 9 * 3_600_000,
        price: 100 + ((at * 7_919) % 61),
        quantity: 1 + ((at * 104_729) % 13),
        buyer_is_maker: at % 3 === 0,
      });
    await db("trade").insert(
      trades.slice(from).map((trade) => ({
        ...{ symbol: "BTCUSDT", seq: trade.trade_id / 1_000, quote_quantity: trade.price * trade.quantity },
        ...{ maker_order_id: 1, taker_order_id: 2, maker_account_id: 1, taker_account_id: 2, ...trade },
      })),
    );
  };

  const standing = async (): Promise<string[]> => {
    const rows = await db("candle").where({ symbol: "BTCUSDT" });
    return rows
      .map((r) =>
        [
          `${r.span} ${r.open_time}`,
          ...[r.open, r.high, r.low, r.close, r.volume, r.quote_volume, r.trades, r.taker_buy_volume],
        ].join(" "),
      )
      .sort();
  };

  before(async () => {
    servers = await startCellServers();
    db = connectDatabase(servers.databaseUrl, { name: "test", max: 6 });
    await migrateCell(db);
    await bootstrapCell(db, { region: cell.region, symbols: ["BTCUSDT"] });
  });

  after(async () => {
    await db?.destroy();
    await servers?.stop();
  });

  it("are what the trades make them, however they came in portions", async () => {
    for (const portion of [1, 50, 7, 400]) {
      await add(portion);
      await buildCandles(db, cell, "BTCUSDT", 13);
    }
    expect(await standing()).to.deep.equal(rebuilt(trades));
  });

  it("do not change when a job is delivered again, nor when several workers take it at once", async () => {
    await add(60);
    const found = await Promise.all([1, 2, 3, 4].map(() => buildCandles(db, cell, "BTCUSDT", 11)));
    expect(found.reduce((sum, count) => sum + count)).to.equal(60);
    expect(await buildCandles(db, cell, "BTCUSDT")).to.equal(0);
    expect(await standing()).to.deep.equal(rebuilt(trades));
  });

  it("are whole after a builder was cut off in the middle of its transaction", async () => {
    await add(80);
    await db
      .transaction(async (trx) => {
        await trx.raw("select castle_build_candles(1, 'eu-west-1', 'BTCUSDT', ?, 40)", [[...candleSpans]]);
        throw new Error("cut off");
      })
      .catch(() => undefined);
    await buildCandles(db, cell, "BTCUSDT");
    expect(await standing()).to.deep.equal(rebuilt(trades));
  });

  it("are built in the cell's own epoch alone", async () => {
    await add(1);
    const refused = await buildCandles(db, { ...cell, epoch: epoch(2) }, "BTCUSDT").then(
      () => "built",
      (error: unknown) => sqlStateOf(error),
    );
    expect(refused).to.equal("CS001");
  });

  it("would be wrong if a trade were taken in twice", async () => {
    await buildCandles(db, cell, "BTCUSDT");
    await db("candle_progress").update({ trade_id: db.raw("trade_id - 5000") });
    await buildCandles(db, cell, "BTCUSDT");
    expect(await standing()).not.to.deep.equal(rebuilt(trades));
  });
});
