import type { Posting } from "../../kernel/database/postings.ts";
import type { AcceptedCommand, AccountId, Seq } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import type { Order } from "../book/order.ts";

export interface NewAccount {
  readonly accountId: AccountId;
  readonly apiKey: string;
  readonly sealedSecret: string;
}

/** Everything that one applied command does. */
export interface Applied {
  readonly outcome: Outcome;
  /** The hold's first, then what is settled. */
  readonly postings: readonly Posting[];
  /** Every order that changed, in the order of the changes: the last state of one counts. */
  readonly orders: readonly Order[];
  readonly accounts: readonly NewAccount[];
}

/** What a stream's commands are applied to: a market, or the wallets. */
export interface StreamMachine {
  /** The last command applied. */
  readonly appliedSeq: Seq;
  /** Deterministic. @throws when the command is not the next one, or not one of this stream */
  apply(accepted: AcceptedCommand): Applied;
}
