import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Row, TableName } from "./rows.ts";

/** Which of the two databases holds a row; `differs`: both do, and not the same. */
export type Holds = "only-old-writer" | "only-survivor" | "differs";

/** A command that only one of them holds at its place. */
export interface CommandDifference {
  readonly kind: "command";
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly holds: Exclude<Holds, "differs">;
  readonly command: Row;
  /** What the survivor holds at the very place; null when the place is free there. */
  readonly there: Row | null;
  /** Where else the survivor knows that client id of that account; the client may have sent it again. */
  readonly elsewhere: { readonly stream: StreamId; readonly seq: Seq; readonly sameBody: boolean } | null;
}

/** A row that belongs to a command: what acceptance held for it, and what applying it did. */
export interface RowDifference {
  readonly kind: Exclude<TableName, "command">;
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly holds: Holds;
  readonly oldWriter: Row | null;
  readonly survivor: Row | null;
}

/** A balance that is not the sum of its postings, or not by the same amount in both. Amounts in the smallest unit. */
export interface BalanceDifference {
  readonly kind: "balance";
  readonly accountId: number;
  readonly asset: string;
  readonly bucket: "free" | "locked";
  readonly oldWriter: { readonly balance: string; readonly posted: string };
  readonly survivor: { readonly balance: string; readonly posted: string };
}

export type Difference = CommandDifference | RowDifference | BalanceDifference;

/** A command difference as the rows tell it: where else its client id stands is asked afterwards. */
export type FoundDifference = Omit<CommandDifference, "elsewhere"> | RowDifference;

const SECRETS = /("(?:sealedSecret|apiKey)":")[^"]*"/g;

/** For reports: what an account is opened with is nobody's to read there. */
export const withoutSecrets = (row: Row): Row =>
  row.kind === "open-account" && typeof row.body === "string"
    ? { ...row, body: row.body.replace(SECRETS, '$1(left out)"') }
    : row;
