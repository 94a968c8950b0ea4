import { type CommandRow, decodeRow } from "@castle/services/kernel/database/command-log.ts";
import {
  type AcceptedCommand,
  type StreamId,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import { replay } from "@castle/services/matching-engine/reference/replay.ts";
import { assert } from "chai";
import type { Knex } from "knex";
import { SYMBOLS } from "../../support/active-cell.ts";

/**
 * Checks all that an engine wrote, against its log: every stream projected to its end, outcomes, trades and orders as the
 * reference tells them, each once; every balance the sum of its postings, and all postings of an asset zero.
 */
export async function requireWholeAndOnce(db: Knex): Promise<void> {
  for (const stream of [WALLET_STREAM, ...SYMBOLS]) {
    const commands = await logOf(db, stream);
    assert.deepEqual(
      commands.map(({ seq }) => seq),
      commands.map((_, at) => at + 1),
      `${stream} has no gap`,
    );
    const expected = [...replay(stream, commands)];
    const stored = await db("outcome").where({ stream }).orderBy("seq").select("body");
    assert.deepEqual(
      stored.map((row) => JSON.parse(row.body)),
      expected,
    );
    const progress = await db("progress").where({ stream }).first();
    assert.equal(Number(progress.applied_seq), expected.length);
    const trades = await db("trade").where({ symbol: stream }).orderBy("trade_id").select("trade_id");
    assert.deepEqual(
      trades.map((row) => Number(row.trade_id)),
      expected.flatMap((outcome) => outcome.trades.map((trade) => trade.tradeId)),
    );
    const orders = await db("orders").where({ symbol: stream }).orderBy("order_id").select();
    const last = new Map(
      expected.flatMap(({ reports }) => reports.map((report) => [report.orderId, report])),
    );
    assert.deepEqual(
      orders.map((row) => [Number(row.order_id), row.status, row.orig_qty, row.executed_qty]),
      [...last.values()]
        .sort((a, b) => a.orderId - b.orderId)
        .map((report) => [report.orderId, report.status, report.origQty, report.executedQty]),
    );
  }
  await requireBalancedBooks(db);
}

/** Money that a test put there itself stands in no posting. */
async function requireBalancedBooks(db: Knex): Promise<void> {
  const { rows: unbalanced } = await db.raw(
    `select account_id, asset, b.free, b.locked, p.free, p.locked from balance b full join (
       select account_id, asset, coalesce(sum(amount) filter (where bucket = 'free'), 0) as free,
         coalesce(sum(amount) filter (where bucket = 'locked'), 0) as locked
       from posting group by account_id, asset) p using (account_id, asset)
     where (b.free, b.locked) is distinct from (p.free, p.locked)`,
  );
  assert.deepEqual(unbalanced, []);
  const { rows: created } = await db.raw(
    "select asset, sum(amount) from posting group by asset having sum(amount) <> 0",
  );
  assert.deepEqual(created, []);
  const { rows: held } = await db.raw(
    `select b.account_id, b.asset, b.locked, coalesce(sum(o.hold_left), 0) as needed from balance b
       left join orders o on o.account_id = b.account_id and o.hold_asset = b.asset
         and o.status in ('NEW', 'PARTIALLY_FILLED')
     group by b.account_id, b.asset, b.locked having b.locked <> coalesce(sum(o.hold_left), 0)`,
  );
  assert.deepEqual(held, []);
}

export async function logOf(db: Knex, stream: StreamId): Promise<AcceptedCommand[]> {
  const rows = await db<CommandRow>("command").where({ stream }).orderBy("seq");
  return rows.map(decodeRow);
}
