import { type Amount, min, notional, ONE } from "../../kernel/domain/amount.ts";
import type { PlaceOrder } from "../../kernel/domain/command.ts";
import { MAX_FILLS } from "../../kernel/domain/outcome.ts";
import { type Order, priceOf, remaining } from "./order.ts";

/** What an arriving order takes from one resting order, at that order's price. */
export interface Take {
  readonly maker: Order;
  readonly quantity: Amount;
}

/** What `order` takes from `makers`, best first, within its quantity, its budget and {@link MAX_FILLS}. */
export function plan(order: PlaceOrder, makers: readonly Order[], step: Amount): Take[] {
  const takes: Take[] = [];
  for (const maker of makers.slice(0, MAX_FILLS)) {
    const limits = [remaining(maker)];
    if (order.quantity !== null) limits.push(order.quantity - quantityIn(takes));
    if (order.quoteBudget !== null)
      limits.push(affordable(order.quoteBudget - costOf(takes), priceOf(maker), step));
    const quantity = limits.reduce((a, b) => min(a, b));
    if (quantity === 0n) break;
    takes.push({ maker, quantity });
  }
  return takes;
}

/** Whether what `takes` leave of the budget cannot buy one more step at the next price on offer. */
export function budgetIsUsedUp(
  order: PlaceOrder,
  makers: readonly Order[],
  takes: readonly Take[],
  step: Amount,
): boolean {
  if (takes.length === 0) return false;
  const left = (order.quoteBudget ?? 0n) - costOf(takes);
  const next = firstLeftOver(makers, takes);
  return left === 0n || (next !== undefined && left < notional(priceOf(next), step));
}

/** The best of `makers` that `takes` do not use up. */
export function firstLeftOver(makers: readonly Order[], takes: readonly Take[]): Order | undefined {
  const last = takes.at(-1);
  if (last && last.quantity < remaining(last.maker)) return last.maker;
  return makers[takes.length];
}

export const quantityIn = (takes: readonly Take[]): Amount =>
  takes.reduce((sum, { quantity }) => sum + quantity, 0n);

export const costOf = (takes: readonly Take[]): Amount =>
  takes.reduce((sum, { maker, quantity }) => sum + notional(priceOf(maker), quantity), 0n);

/** The most whole steps that `budget` buys at `price`. */
const affordable = (budget: Amount, price: Amount, step: Amount): Amount =>
  ((budget * ONE) / price / step) * step;
