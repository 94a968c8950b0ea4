import type { Epoch } from "@castle/regions/epoch.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "../../kernel/database/command-log.ts";
import type { PipelinedConnection, Statement } from "../../kernel/database/pipelined.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Seq,
  type StreamId,
  WALLET_STREAM,
} from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { Order } from "../book/order.ts";
import { OrderBook } from "../book/order-book.ts";
import { PendingCommands } from "../state/pending-commands.ts";
import { type StreamState, TradingState } from "../state/trading-state.ts";
import { Market } from "../stream/market.ts";
import { type AccountNames, Wallets } from "../stream/wallets.ts";
import { OPEN_ORDERS, type OrderRow, orderOf } from "./order-row.ts";

/** Everything as the database holds it, at one moment. */
export interface Recovered {
  /** As of the projection, with the log's commands behind it pending. */
  readonly state: TradingState;
  /** How far each stream is projected. */
  readonly projected: ReadonlyMap<StreamId, Seq>;
  /** The last command of each stream that an earlier epoch logged: what is left of those is history, and durable. */
  readonly endOfEarlierEpochs: ReadonlyMap<StreamId, Seq>;
  /** The latest time that a command was accepted at. Milliseconds since 1970. */
  readonly lastAcceptedAt: number;
  /** Configured symbols that the database has no stream of. */
  readonly missing: readonly StreamId[];
}

const PAGE = 5_000;

const BEGIN: Statement = { name: "begin-snapshot", text: "begin isolation level repeatable read read only" };
const COMMIT: Statement = { name: "commit", text: "commit" };
const STREAMS: Statement = {
  name: "streams",
  text: `select s.name, p.applied_seq,
      (select c.accepted_at from command c where c.stream = s.name and c.seq = s.last_seq) as accepted_at,
      (select t.price from trade t where t.symbol = s.name order by t.trade_id desc limit 1) as last_price
    from stream s join progress p on p.stream = s.name where s.name = any($1::text[])`,
};
const BALANCES: Statement = {
  name: "balances",
  text: `select account_id, asset, free, locked from balance
    where (account_id, asset) > ($1::bigint, $2::text) order by account_id, asset limit ${PAGE}`,
};
const NAMES: Statement = {
  name: "account-names",
  text: `select account_id, api_key from account where account_id > $1 order by account_id limit ${PAGE}`,
};
const TAIL: Statement = {
  name: "log-tail",
  text: `select ${COMMAND_COLUMNS} from command where stream = $1 and seq > $2 order by seq limit ${PAGE}`,
};

interface StreamRow {
  readonly name: string;
  readonly applied_seq: string;
  readonly accepted_at: string | null;
  readonly last_price: string | null;
}

/**
 * Reads the projection and the log behind it, page by page, in one snapshot.
 * @param epoch in which this engine leads
 * @throws BookViolated when open orders cannot rest; the database's errors
 */
export async function recover(
  connection: PipelinedConnection,
  symbols: readonly MarketSymbol[],
  epoch: Epoch,
): Promise<Recovered> {
  await connection.run(BEGIN);
  const names = [WALLET_STREAM, ...symbols.map(({ name }) => name)];
  const rows = await connection.run<StreamRow>(STREAMS, [names]);
  const found = new Map(rows.map((row) => [row.name, row]));
  const open: [StreamId, Order[]][] = [];
  const streams = new Map<StreamId, StreamState>();
  for (const row of rows) {
    const appliedSeq = Number(row.applied_seq);
    const symbol = symbols.find(({ name }) => name === row.name);
    const orders = symbol ? await openOrders(connection, symbol) : [];
    open.push([row.name, orders]);
    streams.set(row.name, {
      machine: symbol
        ? new Market(OrderBook.restore(symbol, appliedSeq, orders))
        : new Wallets(appliedSeq, await accountNames(connection)),
      pending: new PendingCommands(appliedSeq),
      lastPrice: row.last_price === null ? null : BigInt(row.last_price),
    });
  }
  const state = new TradingState(streams);
  for (const [stream, orders] of open) for (const order of orders) state.orders.restore(stream, order);
  await restoreBalances(connection, state);
  const tail = (await Promise.all(rows.map((row) => tailOf(connection, row)))).flat();
  await connection.run(COMMIT);

  for (const command of tail) {
    state.sequenced(command);
    state.stream(command.stream).pending.logged(command.seq);
  }
  return {
    state,
    projected: new Map(rows.map((row) => [row.name, Number(row.applied_seq)])),
    endOfEarlierEpochs: endOfEarlierEpochs(rows, tail, epoch),
    lastAcceptedAt: Math.max(0, ...rows.map(({ accepted_at }) => Number(accepted_at ?? 0))),
    missing: names.filter((name) => !found.has(name)),
  };
}

function endOfEarlierEpochs(
  rows: readonly StreamRow[],
  tail: readonly AcceptedCommand[],
  epoch: Epoch,
): Map<StreamId, Seq> {
  const ends = new Map(rows.map((row) => [row.name, Number(row.applied_seq)]));
  for (const command of tail)
    if (command.epoch < epoch) ends.set(command.stream, Math.max(ends.get(command.stream) ?? 0, command.seq));
  return ends;
}

async function openOrders(connection: PipelinedConnection, { name }: MarketSymbol): Promise<Order[]> {
  const orders: Order[] = [];
  for (;;) {
    const page = await connection.run<OrderRow>(OPEN_ORDERS, [name, orders.at(-1)?.orderId ?? 0, PAGE]);
    for (const row of page) orders.push(orderOf(row));
    if (page.length < PAGE) return orders;
  }
}

async function accountNames(connection: PipelinedConnection): Promise<AccountNames> {
  const accountIds: AccountId[] = [];
  const apiKeys: string[] = [];
  for (;;) {
    const page = await connection.run<{ account_id: string; api_key: string }>(NAMES, [
      accountIds.at(-1) ?? Number.MIN_SAFE_INTEGER,
    ]);
    for (const row of page) {
      accountIds.push(Number(row.account_id));
      apiKeys.push(row.api_key);
    }
    if (page.length < PAGE) return { accountIds, apiKeys };
  }
}

async function restoreBalances(connection: PipelinedConnection, state: TradingState): Promise<void> {
  let after: [accountId: string, asset: string] = [String(Number.MIN_SAFE_INTEGER), ""];
  for (;;) {
    const page = await connection.run<{ account_id: string; asset: string; free: string; locked: string }>(
      BALANCES,
      after,
    );
    for (const row of page) {
      state.ledger.restore(Number(row.account_id), row.asset, {
        free: BigInt(row.free),
        locked: BigInt(row.locked),
      });
      after = [row.account_id, row.asset];
    }
    if (page.length < PAGE) return;
  }
}

async function tailOf(connection: PipelinedConnection, row: StreamRow): Promise<AcceptedCommand[]> {
  const commands: AcceptedCommand[] = [];
  for (let seq = Number(row.applied_seq); ; ) {
    const page = await connection.run<CommandRow>(TAIL, [row.name, seq]);
    for (const command of page) commands.push(decodeRow(command));
    seq = commands.at(-1)?.seq ?? seq;
    if (page.length < PAGE) return commands;
  }
}
