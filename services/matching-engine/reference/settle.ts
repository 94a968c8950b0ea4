import { type Amount, notional } from "../../kernel/domain/amount.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { type BalanceDelta, byAccountAndAsset } from "../settlement/balance-delta.ts";
import { isOpen, type Order, priceOf, remaining } from "./order.ts";

/** An order before and after one command. */
export type Change = readonly [before: Order, after: Order];

/**
 * What the changes do to balances, told without postings: an order locks what it still needs, so its account's locked
 * balance moves with that need; what was neither needed any longer nor spent is free again.
 */
export function settle(symbol: MarketSymbol, changes: readonly Change[], arriving?: Order): BalanceDelta[] {
  const all = changes.flatMap(([before, after]): BalanceDelta[] => {
    const { accountId, command } = before.place;
    const buys = command.side === "BUY";
    const gotBase = after.executed - before.executed;
    const paid = after.paid - before.paid;
    const [given, taken] = buys ? [paid, gotBase] : [gotBase, paid];
    const locked = need(after) - (before === arriving ? command.hold.amount : need(before));
    return [
      { accountId, asset: buys ? symbol.quote : symbol.base, free: -locked - given, locked },
      { accountId, asset: buys ? symbol.base : symbol.quote, free: taken, locked: 0n },
    ];
  });
  return merged(all);
}

function need(order: Order): Amount {
  if (!isOpen(order)) return 0n;
  return order.place.command.side === "BUY" ? notional(priceOf(order), remaining(order)) : remaining(order);
}

function merged(all: readonly BalanceDelta[]): BalanceDelta[] {
  const sums = new Map<string, BalanceDelta>();
  for (const delta of all) {
    const key = `${delta.accountId} ${delta.asset}`;
    const sum = sums.get(key) ?? { ...delta, free: 0n, locked: 0n };
    sums.set(key, { ...sum, free: sum.free + delta.free, locked: sum.locked + delta.locked });
  }
  return [...sums.values()].filter((d) => d.free !== 0n || d.locked !== 0n).sort(byAccountAndAsset);
}
