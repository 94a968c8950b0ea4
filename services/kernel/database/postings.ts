import type { AccountId, Seq, StreamId } from "../domain/command.ts";

/**
 * One leg of a double entry. Holds are postings too (free → locked of one account), so that every balance is the sum
 * of its postings. Legs of one command sum to zero per asset.
 */
export interface Posting {
  readonly stream: StreamId;
  readonly seq: Seq;
  /** Place among the command's postings: 0 and 1 are its hold, what it settles starts at {@link FIRST_ENGINE_LEG}. */
  readonly leg: number;
  readonly accountId: AccountId;
  readonly asset: string;
  readonly bucket: "free" | "locked";
  readonly amount: bigint;
}

export const FIRST_ENGINE_LEG = 2;
