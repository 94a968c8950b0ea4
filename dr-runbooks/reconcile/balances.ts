import type { BalanceDifference } from "./difference.ts";
import type { BalanceRow } from "./ledger.ts";

/**
 * Walks both databases' balances beside each other. A balance that both hold as the sum of its postings differs only by
 * what was posted, which is told as postings: here is told what no posting explains.
 */
export async function* unexplainedBalances(
  oldWriter: AsyncGenerator<BalanceRow>,
  survivor: AsyncGenerator<BalanceRow>,
): AsyncGenerator<BalanceDifference> {
  let ours = await oldWriter.next();
  let theirs = await survivor.next();
  while (!ours.done || !theirs.done) {
    const order = compare(ours.done ? null : ours.value, theirs.done ? null : theirs.value);
    const old = order <= 0 && !ours.done ? ours.value : null;
    const now = order >= 0 && !theirs.done ? theirs.value : null;
    yield* unexplained(old, now);
    if (old) ours = await oldWriter.next();
    if (now) theirs = await survivor.next();
  }
}

const NOTHING = { free: "0", locked: "0", posted_free: "0", posted_locked: "0" } as const;

function* unexplained(old: BalanceRow | null, now: BalanceRow | null): Generator<BalanceDifference> {
  const named = old ?? now;
  if (!named) return;
  for (const bucket of ["free", "locked"] as const) {
    const [oldWriter, survivor] = [old ?? NOTHING, now ?? NOTHING].map((row) => ({
      balance: row[bucket],
      posted: row[`posted_${bucket}`],
    }));
    if (!oldWriter || !survivor || drift(oldWriter) === drift(survivor)) continue;
    const { account_id, asset } = named;
    yield { kind: "balance", accountId: Number(account_id), asset, bucket, oldWriter, survivor };
  }
}

const drift = ({ balance, posted }: { readonly balance: string; readonly posted: string }): bigint =>
  BigInt(balance) - BigInt(posted);

/** The databases' own order: by account, then by the bytes of the asset's name. */
function compare(a: BalanceRow | null, b: BalanceRow | null): number {
  if (!a || !b) return a ? -1 : 1;
  const accounts = Number(a.account_id) - Number(b.account_id);
  if (accounts !== 0) return accounts;
  return a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : 0;
}
