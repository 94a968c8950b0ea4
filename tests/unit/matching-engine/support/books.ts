import type { AccountId, Command, TimeInForce } from "@castle/services/kernel/domain/command.ts";
import { limit } from "./orders.ts";

export const MAKER = 1;
export const TAKER = 2;
/** A quantity of so many of the symbol's steps. */
export const steps = (n: number): string => `0.${String(n).padStart(5, "0")}`;
export const buy = (n: number, price: number, timeInForce: TimeInForce = "GTC") =>
  limit("BUY", steps(n), `${price}`, timeInForce);
export const sell = (n: number, price: number, timeInForce: TimeInForce = "GTC") =>
  limit("SELL", steps(n), `${price}`, timeInForce);

/** Sells of 10, 20 and 30 steps at 100, 101 and 101: the orders 1, 2 and 3. */
export const asks: readonly (readonly [AccountId, Command])[] = [
  [MAKER, sell(10, 100)],
  [MAKER, sell(20, 101)],
  [MAKER, sell(30, 101)],
];
/** Buys of 10, 20 and 30 steps at 100, 99 and 99: the orders 1, 2 and 3. */
export const bids: readonly (readonly [AccountId, Command])[] = [
  [MAKER, buy(10, 100)],
  [MAKER, buy(20, 99)],
  [MAKER, buy(30, 99)],
];
