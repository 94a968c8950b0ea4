import { FIRST_ENGINE_LEG } from "../../kernel/database/postings.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Deposit,
  EXTERNAL_ACCOUNT,
  type OpenAccount,
  type Seq,
  WALLET_STREAM,
} from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import { refusals } from "../refusals.ts";
import type { Applied, StreamMachine } from "./applied.ts";

/** Which account ids and API keys are taken. */
export interface AccountNames {
  readonly accountIds: Iterable<AccountId>;
  readonly apiKeys: Iterable<string>;
}

/** The wallet stream: accounts are opened, money comes in. It knows the names that are taken, not the balances. */
export class Wallets implements StreamMachine {
  readonly #accountIds: Set<AccountId>;
  readonly #apiKeys: Set<string>;
  #appliedSeq: Seq;

  /** @param taken at least every name that the commands to come could collide with. */
  constructor(appliedSeq: Seq, taken: AccountNames) {
    this.#appliedSeq = appliedSeq;
    this.#accountIds = new Set(taken.accountIds);
    this.#apiKeys = new Set(taken.apiKeys);
  }

  get appliedSeq(): Seq {
    return this.#appliedSeq;
  }

  apply(accepted: AcceptedCommand): Applied {
    const { seq, command } = accepted;
    if (seq !== this.#appliedSeq + 1)
      throw new Error(
        `${WALLET_STREAM} command ${seq}: the stream wants command ${this.#appliedSeq + 1} next`,
      );
    this.#appliedSeq = seq;
    switch (command.kind) {
      case "deposit":
        return deposit(accepted, command);
      case "open-account":
        return this.#openAccount(accepted, command);
      case "place":
      case "cancel":
        throw new Error(`${WALLET_STREAM} command ${seq}: a ${command.kind} belongs in a symbol's stream`);
      default:
        return command satisfies never;
    }
  }

  #openAccount(accepted: AcceptedCommand, { apiKey, sealedSecret }: OpenAccount): Applied {
    const { accountId } = accepted;
    const taken = this.#accountIds.has(accountId) || this.#apiKeys.has(apiKey);
    const error = taken ? refusals.accountExists : null;
    if (taken) return { outcome: outcome(accepted, error), postings: [], orders: [], accounts: [] };
    this.#accountIds.add(accountId);
    this.#apiKeys.add(apiKey);
    return {
      outcome: outcome(accepted, null),
      postings: [],
      orders: [],
      accounts: [{ accountId, apiKey, sealedSecret }],
    };
  }
}

function deposit(accepted: AcceptedCommand, { asset, amount }: Deposit): Applied {
  const { stream, seq, accountId } = accepted;
  const leg = { stream, seq, asset, bucket: "free" } as const;
  return {
    outcome: outcome(accepted, null),
    postings: [
      { ...leg, leg: FIRST_ENGINE_LEG, accountId: EXTERNAL_ACCOUNT, amount: -amount },
      { ...leg, leg: FIRST_ENGINE_LEG + 1, accountId, amount },
    ],
    orders: [],
    accounts: [],
  };
}

function outcome(accepted: AcceptedCommand, error: Outcome["error"]): Outcome {
  return {
    stream: accepted.stream,
    seq: accepted.seq,
    epoch: accepted.epoch,
    accountId: accepted.accountId,
    clientId: accepted.clientId,
    kind: accepted.command.kind,
    time: accepted.acceptedAt,
    reports: [],
    trades: [],
    levels: [],
    error,
  };
}
