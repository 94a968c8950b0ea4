import { EXTERNAL_ACCOUNT } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";

/** How many examples of each kind are named. */
const SHOWN = 5;

/**
 * What must always hold in a cell's database and does not, a line each; none when all is well. One pass over each table:
 * about half a second for a million postings. Meant for a database that nobody writes to: closed, and caught up.
 */
export async function brokenInvariants(db: Knex): Promise<string[]> {
  const found = await Promise.all([gapsInStreams(db), brokenLedger(db), negativeBalances(db)]);
  return found.flat();
}

/** Every stream's commands are 1, 2, 3 … up to its last seq, and the engines are not past its end. */
async function gapsInStreams(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{
    rows: { name: string; last_seq: string; count: string; first: string; last: string; applied: string }[];
  }>(`
    select s.name, s.last_seq, coalesce(c.count, 0) as count, coalesce(c.first, 1) as first, coalesce(c.last, 0) as last,
           coalesce(p.applied_seq, 0) as applied
    from stream s
    left join (
      select stream, count(*) as count, min(seq) as first, max(seq) as last from command group by stream
    ) c on c.stream = s.name
    left join progress p on p.stream = s.name
    where coalesce(c.count, 0) <> s.last_seq or coalesce(c.last, 0) <> s.last_seq or coalesce(c.first, 1) <> 1
       or coalesce(p.applied_seq, 0) > s.last_seq
    order by s.name limit ${SHOWN}`);
  return rows.map(
    ({ name, last_seq, count, first, last, applied }) =>
      `stream ${name} ends at ${last_seq} and holds ${count} commands from ${first} to ${last}, ${applied} applied`,
  );
}

/** Postings of each asset sum to zero, and each balance is the sum of its postings. */
async function brokenLedger(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { asset: string; account_id: string | null; found: string }[] }>(`
    with posted as materialized (
      select account_id, asset, bucket, sum(amount) as amount from posting group by account_id, asset, bucket
    ), told as (
      select account_id, asset, 'free' as bucket, free as amount from balance
      union all select account_id, asset, 'locked', locked from balance
    ), wrong_totals as (
      select asset, null::bigint as account_id, 'sum to ' || sum(amount) || ', not to 0' as found
      from posted group by asset having sum(amount) <> 0
    ), wrong_balances as (
      select coalesce(p.asset, t.asset) as asset, coalesce(p.account_id, t.account_id) as account_id,
             coalesce(p.bucket, t.bucket) || ' is ' || coalesce(t.amount, 0) || ', its postings sum to '
               || coalesce(p.amount, 0) as found
      from posted p full join told t using (account_id, asset, bucket)
      where coalesce(p.amount, 0) <> coalesce(t.amount, 0)
      order by 1, 2, 3 limit ${SHOWN}
    )
    select * from wrong_totals union all select * from wrong_balances`);
  return rows.map(({ asset, account_id, found }) =>
    account_id === null ? `postings of ${asset} ${found}` : `account ${account_id}, ${asset}: ${found}`,
  );
}

/** Only what came from outside may be below zero. */
async function negativeBalances(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{
    rows: { account_id: string; asset: string; free: string; locked: string }[];
  }>(
    `select account_id, asset, free, locked from balance
     where account_id <> ? and (free < 0 or locked < 0) order by account_id, asset limit ${SHOWN}`,
    [EXTERNAL_ACCOUNT],
  );
  return rows.map(
    ({ account_id, asset, free, locked }) =>
      `account ${account_id} has ${free} ${asset} free, ${locked} locked`,
  );
}
