/**
 * Prints the bytes that a resting order takes, as JSON: `node --expose-gc tests/bench/order-book/memory.ts`. A process of
 * its own, because what others left behind would be counted.
 */
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { Flow } from "./flow.ts";

const ORDERS = 250_000;
const MIDDLE = 6_000_000;

export interface MemoryOfOrders {
  /** Twenty orders at a price. */
  readonly shared: number;
  /** One order at a price. */
  readonly alone: number;
}

function bytesEach(prices: number): number {
  const flow = new Flow(symbolNamed("BTCUSDT"));
  const before = bytesInUse();
  const book = OrderBook.empty(flow.symbol);
  for (let n = 0; n < ORDERS; n += 1)
    book.apply(flow.place({ side: "SELL", ticks: MIDDLE + ((n * 15_485_863) % prices), steps: 7 }));
  flow.placed.length = 0;
  const bytes = bytesInUse() - before;
  if (book.openOrders !== ORDERS) throw new Error(`${book.openOrders} orders rest instead of ${ORDERS}`);
  return Math.round(bytes / ORDERS);
}

function bytesInUse(): number {
  if (!globalThis.gc) throw new Error("run it as node --expose-gc tests/bench/order-book/memory.ts");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const memory: MemoryOfOrders = { shared: bytesEach(ORDERS / 20), alone: bytesEach(ORDERS) };
console.log(JSON.stringify(memory));
