/**
 * How fast the order book is, against the reference on the same commands: `node tests/bench/matching-engine.ts`.
 * One symbol, about a thousand open orders, every second command a cancel of one of the oldest, many orders crossing.
 */
import { epoch } from "@castle/regions/epoch.ts";
import { notional } from "@castle/services/kernel/domain/amount.ts";
import type { AcceptedCommand, Command, Side } from "@castle/services/kernel/domain/command.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { ReferenceEngine } from "@castle/services/matching-engine/reference/reference-engine.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";

const symbol = symbolNamed("BTCUSDT");
const RESTING = 1_000;
/** After how many later orders an order is cancelled: some are filled before. */
const OLDEST = 850;
const BOOK_COMMANDS = 400_000;
const REFERENCE_COMMANDS = 20_000;

/** A small linear congruential generator (Numerical Recipes): the same commands on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function commands(count: number): AcceptedCommand[] {
  const random = randomNumbers(7);
  return Array.from({ length: count }, (_, at) => {
    const seq = at + 1;
    const cancels = seq > RESTING && seq % 2 === 0;
    const command: Command = cancels
      ? { kind: "cancel", orderId: seq + 1 - 2 * OLDEST, origClientOrderId: "" }
      : order(random(2) === 0 ? "BUY" : "SELL", random);
    const accountId = 1;
    return {
      stream: symbol.name,
      seq,
      epoch: epoch(1),
      accountId,
      clientId: `c${seq}`,
      acceptedAt: seq,
      command,
    };
  });
}

function order(side: Side, random: (below: number) => number): Command {
  const away = BigInt(random(400) - 40) * symbol.tickSize;
  const price = 60_000n * 100_000_000n + (side === "BUY" ? -away : away);
  const quantity = BigInt(1 + random(100)) * symbol.stepSize;
  const hold =
    side === "BUY"
      ? { asset: symbol.quote, amount: notional(price, quantity) }
      : { asset: symbol.base, amount: quantity };
  return { kind: "place", side, type: "LIMIT", timeInForce: "GTC", price, quantity, quoteBudget: null, hold };
}

/** Commands applied per second. */
function measure(stream: readonly AcceptedCommand[], apply: (accepted: AcceptedCommand) => void): number {
  const started = performance.now();
  for (const accepted of stream) apply(accepted);
  return stream.length / ((performance.now() - started) / 1_000);
}

const stream = commands(BOOK_COMMANDS);
const book = OrderBook.empty(symbol);
const ofBook = measure(stream, (accepted) => book.apply(accepted));
const market = new Market(OrderBook.empty(symbol));
const ofMarket = measure(stream, (accepted) => market.apply(accepted));
const reference = new ReferenceEngine(symbol);
const ofReference = measure(stream.slice(0, REFERENCE_COMMANDS), (accepted) => reference.apply(accepted));

const row = (name: string, perSecond: number): string =>
  `${name.padEnd(34)}${Math.round(perSecond).toLocaleString("en").padStart(12)} commands/s`;
console.log(row(`order book (${book.openOrders} open at the end)`, ofBook));
console.log(row("with outcome and settlement", ofMarket));
console.log(row(`reference (${reference.open.length} open at the end)`, ofReference));
console.log(`the order book is ${Math.round(ofBook / ofReference)} times as fast as the reference`);
