import type { AcceptedCommand, AccountId, Command } from "@castle/services/kernel/domain/command.ts";
import fc from "fast-check";
import { cancel, limit, limitMaker, marketBuy, marketSell, streamOf } from "./orders.ts";

/** Few prices and quantities, so that orders meet often, at equal prices too. */
const price = fc.integer({ min: 9_995, max: 10_005 }).map((ticks) => (ticks / 100).toFixed(2));
const quantity = fc.integer({ min: 1, max: 30 }).map((steps) => `0.${String(steps).padStart(5, "0")}`);
const side = fc.constantFrom("BUY" as const, "SELL" as const);
const budget = fc.integer({ min: 1, max: 3_000_000 }).map((units) => (units / 1e8).toFixed(8));
const timeInForce = fc.constantFrom(
  "GTC" as const,
  "GTC" as const,
  "GTC" as const,
  "IOC" as const,
  "FOK" as const,
);
const account = fc.integer({ min: 1, max: 4 });

/** How many commands before it a cancel finds its order, and whether it is somebody else's. */
interface CancelSome {
  readonly back: number;
  readonly foreign: boolean;
}

const cancelSome: fc.Arbitrary<CancelSome> = fc.record({
  back: fc.integer({ min: 1, max: 25 }),
  foreign: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const command: fc.Arbitrary<Command | CancelSome> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(side, quantity, price, timeInForce).map((order) => limit(...order)) },
  { weight: 2, arbitrary: fc.tuple(side, quantity, price).map((order) => limitMaker(...order)) },
  { weight: 1, arbitrary: fc.tuple(quantity, budget).map((order) => marketBuy(...order)) },
  { weight: 1, arbitrary: budget.map((spend) => marketBuy(null, spend)) },
  { weight: 2, arbitrary: quantity.map(marketSell) },
  { weight: 6, arbitrary: cancelSome },
);

/** Streams of BTCUSDT in which every kind of order and cancel comes up, among four accounts. */
export const randomStream: fc.Arbitrary<AcceptedCommand[]> = fc
  .array(fc.tuple(account, command), { minLength: 1, maxLength: 120, size: "max" })
  .map((drawn) =>
    streamOf(
      ...drawn.map(([accountId, one], at): readonly [AccountId, Command] => {
        if (!("back" in one)) return [accountId, one];
        const owner = drawn[at - one.back]?.[0] ?? accountId;
        return [one.foreign ? owner + 1 : owner, cancel(at + 1 - one.back)];
      }),
    ),
  );
