import { epoch } from "@castle/regions/epoch.ts";
import { formatAmount, notional, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import {
  type AccountId,
  type Command,
  encodeCommand,
  type OrderType,
  type Side,
} from "@castle/services/kernel/domain/command.ts";
import { type OrderReport, type Outcome, tradeId } from "@castle/services/kernel/domain/outcome.ts";
import type { Knex } from "knex";

interface Order {
  readonly orderId: number;
  readonly accountId: AccountId;
  readonly clientId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly price: bigint;
  readonly quantity: bigint;
  executed: bigint;
  executedQuote: bigint;
  status: OrderReport["status"];
  readonly time: number;
}

type Happened = Pick<Outcome, "reports" | "trades" | "levels" | "error">;

const NOTHING: Happened = { reports: [], trades: [], levels: [], error: null };

/**
 * Plays a symbol's matching engine for tests of what reads behind it: each call commits one applied command, with the
 * rows an engine would leave (but money), and resolves with its outcome. Telling Redis is the test's affair.
 */
export class AppliedMarket {
  readonly symbol: string;
  readonly #db: Knex;
  readonly #orders = new Map<number, Order>();
  #seq: number;

  private constructor(db: Knex, symbol: string, seq: number) {
    this.#db = db;
    this.symbol = symbol;
    this.#seq = seq;
  }

  /** Goes on behind what the database has applied; it must have no open orders. */
  static async open(db: Knex, symbol: string): Promise<AppliedMarket> {
    const progress = await db("progress").where({ stream: symbol }).first();
    return new AppliedMarket(db, symbol, Number(progress.applied_seq));
  }

  get seq(): number {
    return this.#seq;
  }

  get openOrderIds(): number[] {
    return [...this.#orders.values()].filter(isOpen).map((order) => order.orderId);
  }

  /** Every level of a side as its wire form, best first. */
  book(side: Side): [string, string][] {
    const levels = new Map<bigint, bigint>();
    for (const order of this.#orders.values())
      if (isOpen(order) && order.side === side)
        levels.set(order.price, (levels.get(order.price) ?? 0n) + order.quantity - order.executed);
    return [...levels]
      .sort(([a], [b]) => Number(side === "BUY" ? b - a : a - b))
      .map(([price, quantity]) => [formatAmount(price), formatAmount(quantity)]);
  }

  /** A limit order that rests: choose prices that do not cross. */
  async rest(side: Side, price: string, quantity: string, accountId: AccountId = 7): Promise<Outcome> {
    const order = this.#newOrder({
      accountId,
      side,
      type: "LIMIT",
      price: amount(price),
      quantity: amount(quantity),
    });
    return this.#apply(order, placing(order), () => ({
      ...NOTHING,
      reports: [this.#report(order, "NEW")],
      levels: [this.#level(order)],
    }));
  }

  /** What an order has left, or a part of it. */
  remaining(orderId: number, parts = 1n): string {
    const order = this.#order(orderId);
    return formatAmount((order.quantity - order.executed) / parts);
  }

  /** A market order that takes `quantity` from one resting order. */
  async take(makerId: number, quantity: string, accountId: AccountId = 8): Promise<Outcome> {
    const maker = this.#order(makerId);
    const side = maker.side === "BUY" ? "SELL" : "BUY";
    const taker = this.#newOrder({ accountId, side, type: "MARKET", price: 0n, quantity: amount(quantity) });
    return this.#apply(taker, placing(taker), () => {
      const quote = notional(maker.price, taker.quantity);
      for (const order of [maker, taker]) {
        order.executed += taker.quantity;
        order.executedQuote += quote;
        order.status = order.executed === order.quantity ? "FILLED" : "PARTIALLY_FILLED";
      }
      const id = tradeId(taker.orderId, 0);
      const fill = { lastQty: String(taker.quantity), lastPrice: String(maker.price), tradeId: id };
      return {
        ...NOTHING,
        reports: [
          { ...this.#report(maker, "TRADE"), ...fill, isMaker: true },
          { ...this.#report(taker, "TRADE"), ...fill },
        ],
        trades: [
          {
            tradeId: id,
            price: String(maker.price),
            quantity: String(taker.quantity),
            quoteQuantity: String(quote),
            makerOrderId: maker.orderId,
            takerOrderId: taker.orderId,
            makerAccountId: maker.accountId,
            takerAccountId: accountId,
            buyerIsMaker: maker.side === "BUY",
          },
        ],
        levels: [this.#level(maker)],
      };
    });
  }

  async cancel(orderId: number): Promise<Outcome> {
    const order = this.#order(orderId);
    const command: Command = { kind: "cancel", orderId, origClientOrderId: order.clientId };
    return this.#apply(order, command, () => {
      order.status = "CANCELED";
      return { ...NOTHING, reports: [this.#report(order, "CANCELED")], levels: [this.#level(order)] };
    });
  }

  /** A cancel that comes too late: a command that moves no level. */
  async refuseCancel(accountId: AccountId = 7): Promise<Outcome> {
    const command: Command = { kind: "cancel", orderId: 1, origClientOrderId: "" };
    return this.#apply({ accountId }, command, () => ({
      ...NOTHING,
      error: { code: -2011, msg: "Unknown order sent." },
    }));
  }

  /** A command that moves many levels at once, which no order stands behind: for the size of what is told. */
  async moveLevels(levels: Outcome["levels"], accountId: AccountId = 7): Promise<Outcome> {
    const command: Command = { kind: "cancel", orderId: 1, origClientOrderId: "" };
    return this.#apply({ accountId }, command, () => ({ ...NOTHING, levels }));
  }

  async #apply(by: { accountId: AccountId }, command: Command, happen: () => Happened): Promise<Outcome> {
    const seq = ++this.#seq;
    const stream = this.symbol;
    const head = { stream, seq, epoch: epoch(1), accountId: by.accountId, clientId: clientIdOf(stream, seq) };
    const time = timeOf(seq);
    const outcome: Outcome = {
      ...head,
      kind: command.kind,
      time,
      ...happen(),
    };
    await this.#db.transaction(async (trx) => {
      await trx("stream").where({ name: stream }).update({ last_seq: seq });
      await trx("command").insert({
        ...{ stream, seq, epoch: 1, account_id: by.accountId, client_id: head.clientId },
        ...{ kind: command.kind, accepted_at: time, body: encodeCommand(command) },
      });
      await trx("outcome").insert({ stream, seq, body: JSON.stringify(outcome) });
      for (const orderId of new Set(outcome.reports.map((report) => report.orderId)))
        await trx("orders")
          .insert(this.#row(this.#order(orderId), time))
          .onConflict(["symbol", "order_id"])
          .merge();
      for (const trade of outcome.trades)
        await trx("trade").insert({
          ...{ symbol: stream, trade_id: trade.tradeId, seq, time, buyer_is_maker: trade.buyerIsMaker },
          ...{ price: trade.price, quantity: trade.quantity, quote_quantity: trade.quoteQuantity },
          ...{ maker_order_id: trade.makerOrderId, taker_order_id: trade.takerOrderId },
          ...{ maker_account_id: trade.makerAccountId, taker_account_id: trade.takerAccountId },
        });
      await trx("progress").where({ stream }).update({ applied_seq: seq });
    });
    return outcome;
  }

  #newOrder(of: Pick<Order, "accountId" | "side" | "type" | "price" | "quantity">): Order {
    const orderId = this.#seq + 1;
    const clientId = clientIdOf(this.symbol, orderId);
    const order: Order = {
      ...of,
      ...{ orderId, clientId, executed: 0n, executedQuote: 0n, status: "NEW", time: timeOf(orderId) },
    };
    this.#orders.set(orderId, order);
    return order;
  }

  #order(orderId: number): Order {
    const order = this.#orders.get(orderId);
    if (!order) throw new Error(`${this.symbol} has no order ${orderId}`);
    return order;
  }

  #level({ side, price }: Order): Outcome["levels"][number] {
    const standing = this.book(side).find(([at]) => at === formatAmount(price))?.[1] ?? "0";
    return { side, price: String(price), quantity: String(amount(standing)) };
  }

  #report(order: Order, execution: OrderReport["execution"]): OrderReport {
    return {
      ...{ orderId: order.orderId, accountId: order.accountId, clientOrderId: order.clientId },
      ...{ symbol: this.symbol, side: order.side, type: order.type, timeInForce: "GTC" },
      ...{ price: String(order.price), origQty: String(order.quantity), executedQty: String(order.executed) },
      ...{ cummulativeQuoteQty: String(order.executedQuote), status: order.status, execution },
      ...{ lastQty: "0", lastPrice: "0", tradeId: null, isMaker: false, orderTime: order.time },
    };
  }

  #row(order: Order, updateTime: number): Record<string, unknown> {
    return {
      ...{ symbol: this.symbol, order_id: order.orderId, account_id: order.accountId },
      ...{ client_order_id: order.clientId, side: order.side, type: order.type, time_in_force: "GTC" },
      ...{
        price: String(order.price),
        orig_qty: String(order.quantity),
        executed_qty: String(order.executed),
      },
      ...{ cummulative_quote_qty: String(order.executedQuote), hold_asset: "USDT", hold_left: 0 },
      ...{ status: order.status, time: order.time, update_time: updateTime },
    };
  }
}

/** Orders of both symbols may belong to one account, for which client ids are unique. */
export const clientIdOf = (symbol: string, seq: number): string => `${symbol}-${seq}`;
/** When the command at this place was accepted. */
export const timeOf = (seq: number): number => 1_700_000_000_000 + seq;

const isOpen = (order: Order): boolean => order.status === "NEW" || order.status === "PARTIALLY_FILLED";

const placing = (order: Order): Command => ({
  ...{ kind: "place", side: order.side, type: order.type, timeInForce: "GTC" },
  ...{ price: order.type === "MARKET" ? null : order.price, quantity: order.quantity, quoteBudget: null },
  hold: { asset: "USDT", amount: 0n },
});

function amount(text: string): bigint {
  const parsed = parseAmount(text);
  if (parsed === null) throw new Error(`"${text}" is no amount`);
  return parsed;
}
