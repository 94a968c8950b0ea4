import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "@castle/services/kernel/database/command-log.ts";
import type { StreamId } from "@castle/services/kernel/domain/command.ts";
import type { OrderStatus } from "@castle/services/kernel/domain/outcome.ts";
import type { Knex } from "knex";
import type {
  StandingBalance,
  StandingLedger,
  StandingLeg,
  StandingOrder,
  StandingOutcome,
  StandingPostings,
  StandingStream,
  StandingTrade,
} from "./standing.ts";

/** Rows fetched at once: the database streams, so that an audit's memory does not grow with postings. */
const PAGE = 5_000;

/** Reads what stands from the database. */
export class LedgerReader implements StandingLedger {
  readonly #trx: Knex.Transaction;
  #cursors = 0;

  private constructor(trx: Knex.Transaction) {
    this.#trx = trx;
  }

  /** Does the work on one snapshot of the database, which is not changed. */
  static async within<T>(db: Knex, work: (ledger: StandingLedger) => Promise<T>): Promise<T> {
    return db.transaction((trx) => work(new LedgerReader(trx)), {
      isolationLevel: "repeatable read",
      readOnly: true,
    });
  }

  async streams(): Promise<StandingStream[]> {
    const { rows } = await this.#trx.raw<{
      rows: { name: StreamId; last_seq: string; applied_seq: string }[];
    }>(
      `select s.name, s.last_seq, coalesce(p.applied_seq, 0) as applied_seq
         from stream s left join progress p on p.stream = s.name order by s.name`,
    );
    const streams: StandingStream[] = [];
    for (const { name, last_seq, applied_seq } of rows) {
      const commands: StandingStream["commands"][number][] = [];
      const sql = `select ${COMMAND_COLUMNS} from command where stream = ? order by seq`;
      for await (const row of this.#stream<CommandRow>(sql, [name])) commands.push(decodeRow(row));
      streams.push({ stream: name, lastSeq: Number(last_seq), appliedSeq: Number(applied_seq), commands });
    }
    return streams;
  }

  async outcomes(stream: StreamId): Promise<StandingOutcome[]> {
    const outcomes: StandingOutcome[] = [];
    const sql = "select seq, body from outcome where stream = ? order by seq";
    for await (const { seq, body } of this.#stream<{ seq: string; body: string }>(sql, [stream]))
      outcomes.push({ seq: Number(seq), body });
    return outcomes;
  }

  async trades(stream: StreamId): Promise<StandingTrade[]> {
    const trades: StandingTrade[] = [];
    const sql = "select * from trade where symbol = ? order by trade_id";
    for await (const row of this.#stream<TradeRow>(sql, [stream])) trades.push(tradeOf(row));
    return trades;
  }

  async orders(stream: StreamId): Promise<StandingOrder[]> {
    const orders: StandingOrder[] = [];
    const sql = "select * from orders where symbol = ? order by order_id";
    for await (const row of this.#stream<OrderRow>(sql, [stream])) orders.push(orderOf(row));
    return orders;
  }

  /** Every command's postings. One row a command, its legs as text: several times faster than a row each. */
  async *postings(): AsyncGenerator<StandingPostings> {
    const sql = `select stream, seq,
        string_agg(leg || ' ' || account_id || ' ' || asset || ' ' || bucket || ' ' || amount, ',' order by leg) as legs
      from posting group by stream, seq`;
    for await (const { stream, seq, legs } of this.#stream<{ stream: string; seq: string; legs: string }>(
      sql,
    ))
      yield { stream, seq: Number(seq), legs: legs.split(",").map(legOf) };
  }

  async balances(): Promise<StandingBalance[]> {
    const { rows } = await this.#trx.raw<{
      rows: { account_id: string; asset: string; free: string; locked: string }[];
    }>("select account_id, asset, free, locked from balance order by account_id, asset");
    return rows.map((row) => ({
      accountId: Number(row.account_id),
      asset: row.asset,
      free: BigInt(row.free),
      locked: BigInt(row.locked),
    }));
  }

  async *#stream<Row>(sql: string, values: readonly string[] = []): AsyncGenerator<Row> {
    const cursor = `audit_${++this.#cursors}`;
    await this.#trx.raw(`declare ${cursor} no scroll cursor for ${sql}`, values);
    for (;;) {
      const { rows } = await this.#trx.raw<{ rows: Row[] }>(`fetch ${PAGE} from ${cursor}`);
      yield* rows;
      if (rows.length < PAGE) break;
    }
    await this.#trx.raw(`close ${cursor}`);
  }
}

function legOf(text: string): StandingLeg {
  const [leg, accountId, asset = "", bucket, amount = "0"] = text.split(" ");
  return {
    leg: Number(leg),
    accountId: Number(accountId),
    asset,
    bucket: bucket === "locked" ? "locked" : "free",
    amount: BigInt(amount),
  };
}

interface TradeRow {
  readonly symbol: string;
  readonly trade_id: string;
  readonly seq: string;
  readonly price: string;
  readonly quantity: string;
  readonly quote_quantity: string;
  readonly maker_order_id: string;
  readonly taker_order_id: string;
  readonly maker_account_id: string;
  readonly taker_account_id: string;
  readonly buyer_is_maker: boolean;
  readonly time: string;
}

const tradeOf = (row: TradeRow): StandingTrade => ({
  symbol: row.symbol,
  tradeId: Number(row.trade_id),
  seq: Number(row.seq),
  price: row.price,
  quantity: row.quantity,
  quoteQuantity: row.quote_quantity,
  makerOrderId: Number(row.maker_order_id),
  takerOrderId: Number(row.taker_order_id),
  makerAccountId: Number(row.maker_account_id),
  takerAccountId: Number(row.taker_account_id),
  buyerIsMaker: row.buyer_is_maker,
  time: Number(row.time),
});

interface OrderRow {
  readonly symbol: string;
  readonly order_id: string;
  readonly account_id: string;
  readonly client_order_id: string;
  readonly side: "BUY" | "SELL";
  readonly type: string;
  readonly time_in_force: string;
  readonly price: string;
  readonly orig_qty: string;
  readonly executed_qty: string;
  readonly cummulative_quote_qty: string;
  readonly hold_asset: string;
  readonly hold_left: string;
  readonly status: OrderStatus;
  readonly time: string;
  readonly update_time: string;
}

const orderOf = (row: OrderRow): StandingOrder => ({
  symbol: row.symbol,
  orderId: Number(row.order_id),
  accountId: Number(row.account_id),
  clientOrderId: row.client_order_id,
  side: row.side,
  type: row.type,
  timeInForce: row.time_in_force,
  price: row.price,
  origQty: row.orig_qty,
  executedQty: row.executed_qty,
  cummulativeQuoteQty: row.cummulative_quote_qty,
  holdAsset: row.hold_asset,
  holdLeft: row.hold_left,
  status: row.status,
  time: Number(row.time),
  updateTime: Number(row.update_time),
});
