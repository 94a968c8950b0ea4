import type { Posting } from "../../kernel/database/postings.ts";
import type { Amount } from "../../kernel/domain/amount.ts";
import { type AccountId, EXTERNAL_ACCOUNT } from "../../kernel/domain/command.ts";

/** One account's funds of one asset, as of the commands applied. Amounts in the asset's smallest unit. */
export interface Balance {
  readonly free: Amount;
  readonly locked: Amount;
}

interface Funds {
  free: Amount;
  locked: Amount;
  /** Holds of commands that are sequenced and not applied yet: still free to whoever asks, and not to be spent again. */
  reserved: Amount;
}

/** A balance went where none may: a defect, which must not become money. */
export class LedgerViolated extends Error {
  constructor(accountId: AccountId, asset: string, { free, locked }: Balance) {
    super(
      `account ${accountId} would have ${free} ${asset} free and ${locked} locked: no balance is below zero`,
    );
    this.name = "LedgerViolated";
  }
}

/** Every account's funds, in memory. */
export class Ledger {
  readonly #accounts = new Map<AccountId, Map<string, Funds>>();

  /** What a new order of the account may hold. */
  available(accountId: AccountId, asset: string): Amount {
    const funds = this.#accounts.get(accountId)?.get(asset);
    return funds ? funds.free - funds.reserved : 0n;
  }

  /** By asset, as of the commands applied; empty for an account that has never had any. */
  balances(accountId: AccountId): ReadonlyMap<string, Balance> {
    return this.#accounts.get(accountId) ?? new Map();
  }

  /** The balance as it was restored. */
  restore(accountId: AccountId, asset: string, { free, locked }: Balance): void {
    Object.assign(this.#funds(accountId, asset), { free, locked });
  }

  /** A sequenced command will hold the amount once it is applied. */
  reserve(accountId: AccountId, asset: string, amount: Amount): void {
    this.#funds(accountId, asset).reserved += amount;
  }

  /** The command is applied, or was never logged. */
  release(accountId: AccountId, asset: string, amount: Amount): void {
    this.#funds(accountId, asset).reserved -= amount;
  }

  /** @throws LedgerViolated when a balance ends below zero; the external account's may. */
  post(postings: readonly Posting[]): void {
    for (const { accountId, asset, bucket, amount } of postings)
      this.#funds(accountId, asset)[bucket] += amount;
    for (const { accountId, asset, amount } of postings) {
      if (amount >= 0n || accountId === EXTERNAL_ACCOUNT) continue;
      const funds = this.#funds(accountId, asset);
      if (funds.free < 0n || funds.locked < 0n) throw new LedgerViolated(accountId, asset, funds);
    }
  }

  #funds(accountId: AccountId, asset: string): Funds {
    let assets = this.#accounts.get(accountId);
    if (!assets) {
      assets = new Map();
      this.#accounts.set(accountId, assets);
    }
    let funds = assets.get(asset);
    if (!funds) {
      funds = { free: 0n, locked: 0n, reserved: 0n };
      assets.set(asset, funds);
    }
    return funds;
  }
}
