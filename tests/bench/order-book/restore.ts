import { notional } from "@castle/services/kernel/domain/amount.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import type { Order } from "@castle/services/matching-engine/book/order.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { CpuClock } from "./cpu-clock.ts";

const symbol = symbolNamed("BTCUSDT");
const MIDDLE = 6_000_000;
/** A prime above any count: one price after the other comes up, in no order. */
const STRIDE = 15_485_863;

/** Restores a book in which each order is alone at its price. @returns orders per second of CPU, making them included. */
export function restoredPerSecond(count: number): number {
  const clock = new CpuClock();
  const book = clock.run(() => OrderBook.restore(symbol, count, restingOrders(count)));
  if (book.openOrders !== count) throw new Error(`${book.openOrders} orders of ${count} were restored`);
  return count / clock.seconds;
}

/** As a database's rows would be made orders: one after the other, by rising id. */
function* restingOrders(count: number): Generator<Order> {
  const quantity = 7n * symbol.stepSize;
  for (let orderId = 1; orderId <= count; orderId += 1) {
    const ticksAway = 1 + ((orderId * STRIDE) % count);
    const side = ticksAway % 2 === 0 ? "BUY" : "SELL";
    const price = BigInt(MIDDLE + (side === "BUY" ? -ticksAway : ticksAway)) * symbol.tickSize;
    yield {
      orderId,
      accountId: 1 + (orderId % 1_000),
      clientOrderId: `c${orderId}`,
      side,
      type: "LIMIT",
      timeInForce: "GTC",
      price,
      quantity,
      executed: 0n,
      executedQuote: 0n,
      holdAsset: side === "BUY" ? symbol.quote : symbol.base,
      holdLeft: side === "BUY" ? notional(price, quantity) : quantity,
      status: "NEW",
      time: orderId,
      updateTime: orderId,
    };
  }
}
