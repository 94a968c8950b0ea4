import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import fc from "fast-check";
import { amount, cancel, limit, limitMaker, marketBuy, marketSell } from "./orders.ts";
import { BTC, ETH } from "./trading.ts";

const side = fc.constantFrom("BUY" as const, "SELL" as const);
/** Few prices and quantities, so that orders meet often. */
const price = fc.integer({ min: 8, max: 12 }).map(String);
const quantity = fc.integer({ min: 1, max: 9 }).map((tenths) => `0.${tenths}`);
const timeInForce = fc.constantFrom("GTC" as const, "GTC" as const, "IOC" as const, "FOK" as const);
/** Few names, so that they are used again, while their order is open and after. */
const clientId = fc.integer({ min: 1, max: 12 }).map((n) => `o${n}`);
const key = fc.option(
  fc.integer({ min: 1, max: 4 }).map((n) => `key-${n}`),
  { freq: 4, nil: undefined },
);

const command: fc.Arbitrary<Intent["command"]> = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(side, quantity, price, timeInForce).map((of) => limit(...of)) },
  { weight: 2, arbitrary: fc.tuple(side, quantity, price).map((of) => limitMaker(...of)) },
  { weight: 1, arbitrary: price.map((spent) => marketBuy(null, spent)) },
  // What it may spend, the engine knows.
  { weight: 1, arbitrary: quantity.map((of) => ({ ...marketBuy(of, "0"), quoteBudget: null })) },
  { weight: 2, arbitrary: quantity.map(marketSell) },
  {
    weight: 5,
    arbitrary: clientId.map((name) => ({ kind: "cancel-by-client-id", origClientOrderId: name }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 40 }).map((id) => ({ ...cancel(id), origClientOrderId: "" })),
  },
);

const inEth = (one: Intent["command"]): Intent["command"] =>
  one.kind === "place" && one.hold.asset === "BTC"
    ? { ...one, hold: { asset: "ETH", amount: one.hold.amount } }
    : one;

const ofMarket: fc.Arbitrary<Intent> = fc
  .record({
    ...{ accountId: fc.integer({ min: 1, max: 3 }), clientId, command, key },
    stream: fc.constantFrom(BTC, ETH),
  })
  .map(({ key: idempotencyKey, command: one, ...intent }) => ({
    ...intent,
    command: {
      ...(intent.stream === ETH ? inEth(one) : one),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    },
  }));

const ofWallets: fc.Arbitrary<Intent> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom("BTC", "USDT"))
  .map(([accountId, n, asset]) => ({
    ...{ stream: "wallet", accountId, clientId: `more-${n}` },
    command: { kind: "deposit", asset, amount: amount(String(n)) },
  }));

/** What three traders ask of two markets, and custody of the wallets: sensible and not, repeated and not. */
export const randomIntent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 12, arbitrary: ofMarket },
  { weight: 1, arbitrary: ofWallets },
);
