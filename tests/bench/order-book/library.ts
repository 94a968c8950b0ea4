import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { MarketSymbol } from "@castle/services/kernel/domain/symbols.ts";
import type { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { type OrderBook as LibraryBook, type LimitOrderOptions, Side } from "nodejs-order-book";

/** The library does not export this enumeration, whose values are Castle's words. */
type LibraryTimeInForce = NonNullable<LimitOrderOptions["timeInForce"]>;

/** What the library is called with: an order to place, or the id of one to cancel. */
export type LibraryCall = LimitOrderOptions | string;

/**
 * A command as the library takes it. Prices and sizes are whole ticks and steps, so that its floating point numbers are
 * exact; ids are plain decimals, which it handles faster than others.
 */
export function libraryCall({ seq, command }: AcceptedCommand, symbol: MarketSymbol): LibraryCall {
  if (command.kind === "cancel") return `${command.orderId}`;
  if (command.kind !== "place" || command.price === null || command.quantity === null)
    throw new Error(`command ${seq} (${command.kind}) is none that this comparison makes`);
  return {
    id: `${seq}`,
    side: command.side === "BUY" ? Side.BUY : Side.SELL,
    price: Number(command.price / symbol.tickSize),
    size: Number(command.quantity / symbol.stepSize),
    timeInForce: command.timeInForce as LibraryTimeInForce,
  };
}

export function callLibrary(book: LibraryBook, call: LibraryCall): void {
  if (typeof call === "string") book.cancel(call);
  else book.limit(call);
}

/** @throws when the two do not hold the same quantities at the same prices: then what they cost cannot be compared. */
export function requireSameBooks(castle: OrderBook, library: LibraryBook): void {
  const { tickSize, stepSize } = castle.symbol;
  const [asks, bids] = library.depth();
  for (const [side, expected] of [
    ["SELL", asks],
    ["BUY", bids],
  ] as const) {
    const levels = [...castle.levelsOf(side)].map(({ price, quantity }) => [
      Number(price / tickSize),
      Number(quantity / stepSize),
    ]);
    const at = Math.max(levels.length, expected.length);
    for (let n = 0; n < at; n += 1)
      if (`${levels[n]}` !== `${expected[n]}`)
        throw new Error(
          `the books differ: ${side} level ${n} is ${levels[n]} here and ${expected[n]} in nodejs-order-book`,
        );
  }
}
