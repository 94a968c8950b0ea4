import { notional } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, CancelOrder, PlaceOrder, Side } from "../../kernel/domain/command.ts";
import { type OrderStatus, type Outcome, type Trade, tradeId } from "../../kernel/domain/outcome.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { type Refusal, refusals } from "../refusals.ts";
import type { BalanceDelta } from "../settlement/balance-delta.ts";
import { blankOutcome } from "./blank-outcome.ts";
import { isOpen, type Order, priceOf, remaining, report, traded } from "./order.ts";
import { budgetIsUsedUp, firstLeftOver, plan, quantityIn, type Take } from "./plan.ts";
import { type Change, settle } from "./settle.ts";

export interface ReferenceResult {
  readonly outcome: Outcome;
  /** What the command does to balances, beyond the hold made at its acceptance. */
  readonly deltas: readonly BalanceDelta[];
}

/**
 * The matching rules once more, to check the engine by: one array of open orders in the order of their acceptance, and
 * a filter and a sort for each command. Slow, and meant to be seen to be right. It shares nothing with the order book
 * but the domain's types and words.
 */
export class ReferenceEngine {
  readonly #symbol: MarketSymbol;
  #open: readonly Order[] = [];

  constructor(symbol: MarketSymbol) {
    this.#symbol = symbol;
  }

  /** Open orders, oldest first. */
  get open(): readonly Order[] {
    return this.#open;
  }

  /** @throws Error when the command is not one of a symbol's stream. */
  apply(accepted: AcceptedCommand): ReferenceResult {
    const { command } = accepted;
    if (command.kind === "place") return this.#place({ ...accepted, command });
    if (command.kind === "cancel") return this.#cancel({ ...accepted, command });
    throw new Error(`${accepted.stream} ${accepted.seq}: a ${command.kind} belongs in the wallet stream`);
  }

  #cancel(accepted: AcceptedCommand<CancelOrder>): ReferenceResult {
    const order = this.#open.find((open) => open.place.seq === accepted.command.orderId);
    if (!order || order.place.accountId !== accepted.accountId)
      return { outcome: { ...blankOutcome(accepted), error: refusals.unknownOrder }, deltas: [] };
    const after: Order = { ...order, status: "CANCELED" };
    this.#open = this.#open.filter((open) => open !== order);
    const outcome: Outcome = {
      ...blankOutcome(accepted),
      reports: [report(after, "CANCELED")],
      levels: [this.#level(order)],
    };
    return { outcome, deltas: settle(this.#symbol, [[order, after]]) };
  }

  #place(place: AcceptedCommand<PlaceOrder>): ReferenceResult {
    const { type, timeInForce, quantity } = place.command;
    const step = this.#symbol.stepSize;
    const makers = this.#acceptableMakers(place.command);
    const takes = plan(place.command, makers, step);
    const executed = quantityIn(takes);

    if (type === "LIMIT_MAKER" && makers.length > 0)
      return this.#conclude(place, [], "REJECTED", refusals.wouldTake);
    if (quantity === null)
      return this.#conclude(
        place,
        takes,
        budgetIsUsedUp(place.command, makers, takes, step) ? "FILLED" : "EXPIRED",
      );
    if (executed === quantity) return this.#conclude(place, takes, "FILLED");
    if (type === "MARKET" || timeInForce === "IOC") return this.#conclude(place, takes, "EXPIRED");
    if (timeInForce === "FOK") return this.#conclude(place, [], "EXPIRED");
    // Only the limit of fills leaves something to take behind; resting beside it would cross the book.
    if (firstLeftOver(makers, takes)) return this.#conclude(place, takes, "EXPIRED");
    return this.#conclude(place, takes, executed > 0n ? "PARTIALLY_FILLED" : "NEW");
  }

  /** Resting orders that an arriving one may trade with: best price first, then the oldest. */
  #acceptableMakers(order: PlaceOrder): Order[] {
    const { price } = order;
    const lowestFirst = order.side === "BUY";
    return this.#open
      .filter((open) => open.place.command.side !== order.side)
      .filter((open) => price === null || (lowestFirst ? priceOf(open) <= price : priceOf(open) >= price))
      .sort((a, b) => {
        if (priceOf(a) === priceOf(b)) return a.place.seq - b.place.seq;
        return priceOf(a) < priceOf(b) === lowestFirst ? -1 : 1;
      });
  }

  #conclude(
    place: AcceptedCommand<PlaceOrder>,
    takes: readonly Take[],
    status: OrderStatus,
    error: Refusal | null = null,
  ): ReferenceResult {
    const arriving: Order = { place, executed: 0n, paid: 0n, status: "NEW" };
    const reports = error ? [] : [report(arriving, "NEW")];
    const trades: Trade[] = [];
    const makersBeforeAndAfter: Change[] = [];
    let taker = arriving;
    for (const [fill, { maker, quantity }] of takes.entries()) {
      const price = priceOf(maker);
      const paid = notional(price, quantity);
      const id = tradeId(place.seq, fill);
      const filledByThis = status === "FILLED" && fill === takes.length - 1;
      const makerAfter = traded(maker, quantity, paid);
      taker = traded(taker, quantity, paid, filledByThis ? "FILLED" : "PARTIALLY_FILLED");
      reports.push(
        report(makerAfter, "TRADE", { tradeId: id, quantity, price, isMaker: true }),
        report(taker, "TRADE", { tradeId: id, quantity, price, isMaker: false }),
      );
      trades.push({
        tradeId: id,
        price: `${price}`,
        quantity: `${quantity}`,
        quoteQuantity: `${paid}`,
        makerOrderId: maker.place.seq,
        takerOrderId: place.seq,
        makerAccountId: maker.place.accountId,
        takerAccountId: place.accountId,
        buyerIsMaker: maker.place.command.side === "BUY",
      });
      makersBeforeAndAfter.push([maker, makerAfter]);
    }
    taker = { ...taker, status };
    if (status === "EXPIRED" || status === "REJECTED") reports.push(report(taker, status));

    this.#open = [...this.#open.map((order) => afterwards(order, makersBeforeAndAfter)), taker].filter(
      isOpen,
    );
    const touched = isOpen(taker)
      ? [...takes.map((take) => take.maker), taker]
      : takes.map((take) => take.maker);
    const samePrice = (a: Order, b: Order): boolean =>
      priceOf(a) === priceOf(b) && a.place.command.side === b.place.command.side;
    const firstOfEachLevel = touched.filter(
      (order, at) => touched.findIndex((o) => samePrice(o, order)) === at,
    );
    return {
      outcome: {
        ...blankOutcome(place),
        reports,
        trades,
        levels: firstOfEachLevel.map((order) => this.#level(order)),
        error,
      },
      deltas: settle(this.#symbol, [...makersBeforeAndAfter, [arriving, taker]], arriving),
    };
  }

  #level(like: Order): { side: Side; price: string; quantity: string } {
    const { side } = like.place.command;
    const quantity = this.#open
      .filter((open) => open.place.command.side === side && priceOf(open) === priceOf(like))
      .reduce((sum, open) => sum + remaining(open), 0n);
    return { side, price: `${priceOf(like)}`, quantity: `${quantity}` };
  }
}

const afterwards = (order: Order, changes: readonly Change[]): Order =>
  changes.find(([before]) => before === order)?.[1] ?? order;
