import type { Posting } from "../../kernel/database/postings.ts";
import type { AcceptedCommand, AccountId, Seq } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import type { Order } from "../book/order.ts";

export interface NewAccount {
  readonly accountId: AccountId;
  readonly apiKey: string;
  readonly sealedSecret: string;
}

/** Everything that one applied command leaves behind in the database. */
export interface Applied {
  readonly outcome: Outcome;
  readonly postings: readonly Posting[];
  /** Orders that changed, a state after each change, in order: the last of each counts. */
  readonly orders: readonly Order[];
  readonly accounts: readonly NewAccount[];
}

/** A stream's state in memory: a book, or the wallets. Deterministic; it does no I/O. */
export interface StreamMachine {
  /** The seq of the last command applied. */
  readonly appliedSeq: Seq;
  /** Applies the command at `appliedSeq + 1`. After an error the machine is not to be used again. */
  apply(accepted: AcceptedCommand): Applied;
}
