import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import type { Applied } from "@castle/services/matching-engine/stream/applied.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { btcusdt } from "./orders.ts";

export const emptyMarket = (): Market => new Market(OrderBook.empty(btcusdt));

/** Applies a stream to an empty market. `last` is what its last command did. */
export function play(stream: readonly AcceptedCommand[]): { market: Market; all: Applied[]; last: Applied } {
  const market = emptyMarket();
  const all = stream.map((accepted) => market.apply(accepted));
  const last = all.at(-1);
  if (!last) throw new Error("a stream to play needs a command");
  return { market, all, last };
}

/** Fills as `maker order id: quantity @ price`, in units of the symbol's step and in whole quote units. */
export const fillsOf = ({ trades }: Outcome): string[] =>
  trades.map((trade) => `${trade.makerOrderId}: ${steps(trade.quantity)} @ ${whole(trade.price)}`);

/** Reports as `order id execution status executed/quantity`. */
export const reportsOf = ({ reports }: Outcome): string[] =>
  reports.map((r) => `${r.orderId} ${r.execution} ${r.status} ${steps(r.executedQty)}/${steps(r.origQty)}`);

/** Levels as `side quantity @ price`. */
export const levelsOf = ({ levels }: Outcome): string[] =>
  levels.map((level) => `${level.side} ${steps(level.quantity)} @ ${whole(level.price)}`);

const steps = (quantity: string): bigint => BigInt(quantity) / btcusdt.stepSize;
const whole = (price: string): number => Number(price) / 1e8;
