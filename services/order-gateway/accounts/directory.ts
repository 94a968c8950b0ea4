import type { AccountId } from "@castle/services/kernel/domain/command.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import { unseal } from "@castle/services/kernel/seal.ts";
import type { Knex } from "knex";

export interface KnownAccount {
  readonly accountId: AccountId;
  readonly secret: string;
}

const API_KEY = /^[A-Za-z0-9]{16,64}$/;

/** Who an API key belongs to. Accounts never change once opened, so what was read once is kept. */
export class AccountDirectory {
  readonly #db: Knex;
  readonly #sealKey: Buffer;
  readonly #known = new Map<string, KnownAccount>();

  constructor(db: Knex, sealKey: Buffer) {
    this.#db = db;
    this.#sealKey = sealKey;
  }

  /** @throws ApiError -2014 for what is no key, -2015 for one that nobody holds. */
  async byApiKey(apiKey: string | undefined): Promise<KnownAccount> {
    if (apiKey === undefined || !API_KEY.test(apiKey)) throw apiError.badApiKeyFormat();
    const known = this.#known.get(apiKey);
    if (known) return known;
    const row = await this.#db("account")
      .where({ api_key: apiKey })
      .first<{ account_id: string; sealed_secret: string } | undefined>("account_id", "sealed_secret");
    if (!row) throw apiError.unknownApiKey();
    const account = { accountId: Number(row.account_id), secret: unseal(this.#sealKey, row.sealed_secret) };
    this.#known.set(apiKey, account);
    return account;
  }
}
