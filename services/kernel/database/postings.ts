import type { AccountId, Seq, StreamId } from "../domain/command.ts";

/**
 * One leg of a double entry. Holds are postings too (free → locked of one account), so that every balance is the sum
 * of its postings. Legs of one command sum to zero per asset.
 */
export interface Posting {
  readonly stream: StreamId;
  readonly seq: Seq;
  /** Place among the command's postings: 0 and 1 are acceptance's hold, the engine's start at {@link FIRST_ENGINE_LEG}. */
  readonly leg: number;
  readonly accountId: AccountId;
  readonly asset: string;
  readonly bucket: "free" | "locked";
  readonly amount: bigint;
}

export const FIRST_ENGINE_LEG = 2;

/**
 * Inserts postings and adds them to the balances, in one statement, which locks the balances in the order of
 * (account, asset) as every writer of balances does: unordered, two batches would deadlock.
 * Parameters: see {@link postingColumns}.
 */
export const WRITE_POSTINGS = `
with entry as (
  select * from unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::numeric[])
    as e (stream, seq, leg, account_id, asset, bucket, amount)
), written as (
  insert into posting (stream, seq, leg, account_id, asset, bucket, amount) select * from entry
)
insert into balance (account_id, asset, free, locked)
  select account_id, asset,
    coalesce(sum(amount) filter (where bucket = 'free'), 0),
    coalesce(sum(amount) filter (where bucket = 'locked'), 0)
  from entry group by account_id, asset order by account_id, asset
on conflict (account_id, asset) do update
  set free = balance.free + excluded.free, locked = balance.locked + excluded.locked`;

/** Postings as the parallel arrays that {@link WRITE_POSTINGS} takes. */
export const postingColumns = (postings: readonly Posting[]): unknown[] => [
  postings.map((p) => p.stream),
  postings.map((p) => p.seq),
  postings.map((p) => p.leg),
  postings.map((p) => p.accountId),
  postings.map((p) => p.asset),
  postings.map((p) => p.bucket),
  postings.map((p) => p.amount.toString()),
];
