import { EXTERNAL_ACCOUNT } from "@castle/services/kernel/domain/command.ts";
import type { RowDifference } from "./difference.ts";
import type { Row } from "./rows.ts";

/** What differing postings come to, of one account and asset. Integers in the smallest unit. */
export interface AccountTotal {
  readonly accountId: number;
  readonly asset: string;
  /** What the old writer posted and the survivor did not, or not so. */
  oldFree: bigint;
  oldLocked: bigint;
  /** What the survivor posted at the same places instead. */
  survivorFree: bigint;
  survivorLocked: bigint;
}

/** What the lost tail did to each account and asset that it touched. */
export class Totals {
  readonly #byAccount = new Map<string, AccountTotal>();

  add({ oldWriter, survivor }: Pick<RowDifference, "oldWriter" | "survivor">): void {
    this.#post(oldWriter, "old");
    this.#post(survivor, "survivor");
  }

  /** By account, then asset. */
  accounts(): AccountTotal[] {
    return [...this.#byAccount.values()].sort(
      (a, b) => a.accountId - b.accountId || (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : 0),
    );
  }

  /** By asset: how much more the accounts of traders hold in the old writer than they would without what differs. */
  assets(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { accountId, asset, oldFree, oldLocked, survivorFree, survivorLocked } of this.accounts())
      if (accountId !== EXTERNAL_ACCOUNT)
        sums.set(asset, (sums.get(asset) ?? 0n) + oldFree + oldLocked - survivorFree - survivorLocked);
    return sums;
  }

  #post(row: Row | null, side: "old" | "survivor"): void {
    if (!row) return;
    const key = `${row.account_id} ${row.asset}`;
    const total = this.#byAccount.get(key) ?? {
      ...{ accountId: Number(row.account_id), asset: String(row.asset) },
      ...{ oldFree: 0n, oldLocked: 0n, survivorFree: 0n, survivorLocked: 0n },
    };
    total[`${side}${row.bucket === "free" ? "Free" : "Locked"}`] += BigInt(row.amount ?? 0);
    this.#byAccount.set(key, total);
  }
}
