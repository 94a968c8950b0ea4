import type { AccountId } from "@castle/services/kernel/domain/command.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import { unseal } from "@castle/services/kernel/seal.ts";
import type { Knex } from "knex";
import type { EngineRequests } from "../engine/engine-requests.ts";

export interface KnownAccount {
  readonly accountId: AccountId;
  readonly secret: string;
}

interface Opened {
  readonly accountId: AccountId;
  readonly sealedSecret: string;
}

const API_KEY = /^[A-Za-z0-9]{16,64}$/;

/**
 * Who an API key belongs to. Accounts never change once opened, so what was read once is kept; one that was opened just
 * now only the engine knows.
 */
export class AccountDirectory {
  readonly #db: Knex;
  readonly #engine: EngineRequests;
  readonly #sealKey: Buffer;
  readonly #known = new Map<string, KnownAccount>();

  constructor(db: Knex, engine: EngineRequests, sealKey: Buffer) {
    this.#db = db;
    this.#engine = engine;
    this.#sealKey = sealKey;
  }

  /** Whose key was read before: without a turn of the event loop, for the path of an order. */
  known(apiKey: string | undefined): KnownAccount | undefined {
    return apiKey === undefined ? undefined : this.#known.get(apiKey);
  }

  /** @throws ApiError -2014 for what is no key, -2015 for one that nobody holds. */
  async byApiKey(apiKey: string | undefined): Promise<KnownAccount> {
    if (apiKey === undefined || !API_KEY.test(apiKey)) throw apiError.badApiKeyFormat();
    const known = this.#known.get(apiKey);
    if (known) return known;
    const found = (await this.#fromEngine(apiKey)) ?? (await this.#fromDatabase(apiKey));
    if (!found) throw apiError.unknownApiKey();
    const account = { accountId: found.accountId, secret: unseal(this.#sealKey, found.sealedSecret) };
    this.#known.set(apiKey, account);
    return account;
  }

  /** Asked before the database: what is projected in between is found there. */
  async #fromEngine(apiKey: string): Promise<Opened | null> {
    return this.#engine.query({ kind: "api-key", apiKey });
  }

  async #fromDatabase(apiKey: string): Promise<Opened | null> {
    const row = await this.#db("account")
      .where({ api_key: apiKey })
      .first<{ account_id: string; sealed_secret: string } | undefined>("account_id", "sealed_secret");
    return row ? { accountId: Number(row.account_id), sealedSecret: row.sealed_secret } : null;
  }
}
