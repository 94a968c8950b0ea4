import type { Posting } from "../../kernel/database/postings.ts";
import type { AccountId } from "../../kernel/domain/command.ts";

/** How one balance changes: the sum of some postings to it, in the asset's smallest unit. */
export interface BalanceDelta {
  readonly accountId: AccountId;
  readonly asset: string;
  readonly free: bigint;
  readonly locked: bigint;
}

/** The one order in which balances are locked, here and at acceptance: by account, then by asset. */
export function byAccountAndAsset(a: BalanceDelta, b: BalanceDelta): number {
  if (a.accountId !== b.accountId) return a.accountId - b.accountId;
  return a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : 0;
}

/** Sums postings by balance, sorted by {@link byAccountAndAsset}. A balance that ends where it began is left out. */
export function balanceDeltas(postings: Iterable<Posting>): BalanceDelta[] {
  const sums = new Map<string, { accountId: AccountId; asset: string; free: bigint; locked: bigint }>();
  for (const { accountId, asset, bucket, amount } of postings) {
    const key = `${accountId} ${asset}`;
    let sum = sums.get(key);
    if (!sum) {
      sum = { accountId, asset, free: 0n, locked: 0n };
      sums.set(key, sum);
    }
    sum[bucket] += amount;
  }
  return [...sums.values()].filter((d) => d.free !== 0n || d.locked !== 0n).sort(byAccountAndAsset);
}
