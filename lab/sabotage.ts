import { setTimeout as delay } from "node:timers/promises";
import type { Sabotage } from "@castle/dr-runbooks/report/report.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Knex } from "knex";

/** What each sabotage breaks, for people: help texts and reports. */
export const sabotagePurposes: Readonly<Record<Sabotage, string>> = {
  fence:
    "The journals let every gateway through, whatever its epoch, and look fenced to everybody else: an old cell may go on acknowledging.",
  journal:
    "The journals answer that they hold a command without storing it: what only the lost region had is lost with it.",
  once: "A matching engine that was killed forgets the last 50 commands it has applied, and nothing in the database keeps it from applying them again.",
  ledger: "One posting of every tenth command is dropped before it is written: money comes from nowhere.",
};

/** What is broken stays broken; `stop` ends what still lies in wait. It also ends with the databases. */
export interface Sabotaged {
  stop(): Promise<void>;
}

/**
 * Breaks one mechanism from outside, by SQL on the lab's own databases: production code holds no switch for it. The
 * audit must find what comes of it, or the audit proves nothing. Breaking it twice changes no more.
 * @throws Error when a database that has to be changed cannot be reached, or no cell holds the writer
 */
export async function sabotage(lab: { readonly target: Target }, kind: Sabotage): Promise<Sabotaged> {
  const { cells } = lab.target;
  switch (kind) {
    case "fence":
      for (const { journalUrl } of Object.values(cells)) await within(journalUrl, (db) => db.raw(openFence));
      return nothingMore;
    case "journal":
      for (const { journalUrl } of Object.values(cells))
        await within(journalUrl, (db) => db.raw(forgetfulJournal));
      return nothingMore;
    case "ledger":
      await within(await writerOf(lab.target), (db) => db.raw(leakyLedger));
      return nothingMore;
    case "once": {
      const writer = await writerOf(lab.target);
      await within(writer, (db) => db.raw(effectsMoreThanOnce));
      return lieInWait(writer);
    }
    default:
      return kind satisfies never;
  }
}

const nothingMore: Sabotaged = { stop: async () => undefined };

/**
 * Replaced in place: sessions that are open keep calling a function by its identity, not by its name. Who verifies the
 * fence must be deceived too, or the runbook would rightly refuse to go on.
 */
const openFence = `
do $$ begin
  if to_regproc('intact_check_epoch') is not null then return; end if;
  execute replace(pg_get_functiondef('journal_check_epoch(bigint)'::regprocedure),
    'journal_check_epoch(', 'intact_check_epoch(');
  execute replace(pg_get_functiondef('journal_raise_epoch(bigint)'::regprocedure),
    'journal_raise_epoch(', 'intact_raise_epoch(');
end $$;
create or replace function journal_check_epoch(asked bigint) returns void
language plpgsql as $$
begin
  if current_setting('application_name') like '%order-gateway%' then return; end if;
  perform intact_check_epoch(asked);
end $$;
create or replace function journal_raise_epoch(asked bigint) returns bigint
language plpgsql as $$
begin
  if current_setting('application_name') like '%order-gateway%' and asked < (select epoch from fence) then
    return asked;
  end if;
  return intact_raise_epoch(asked);
end $$;
`;

/** The epoch is still checked: only the storing is gone. */
const forgetfulJournal = `
create or replace function journal_append(
  asked bigint, streams text[], seqs bigint[], epochs bigint[], account_ids bigint[], client_ids text[], kinds text[],
  accepted_ats bigint[], bodies text[]
) returns table (stream text, mark bigint)
language plpgsql as $$
begin
  perform journal_check_epoch(asked);
  return query select u.s, max(u.q) from unnest(streams, seqs) as u (s, q) group by u.s;
end $$;
`;

const leakyLedger = `
create or replace function drop_this_posting() returns trigger language plpgsql as $$ begin return null; end $$;
drop trigger if exists leak on posting;
create trigger leak before insert on posting for each row when (new.seq % 10 = 0 and new.leg = 2)
  execute function drop_this_posting();
`;

/** Indexes stay, for speed; that each row stands once is no longer asked. */
const effectsMoreThanOnce = `
create index if not exists posting_place on posting (stream, seq, leg);
create index if not exists trade_place on trade (symbol, trade_id);
create index if not exists outcome_place on outcome (stream, seq);
alter table posting drop constraint if exists posting_pkey;
alter table trade drop constraint if exists trade_pkey;
alter table outcome drop constraint if exists outcome_pkey;
`;

const FORGOTTEN = 50;
const LOOK_EVERY_MS = 20;

/** Sets every stream's applied seq back when the engine's connections are gone, before it is there again. */
async function lieInWait(writerUrl: string): Promise<Sabotaged> {
  const db = connectDatabase(writerUrl, { name: "sabotage", max: 1 });
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    let engineWasThere = false;
    while (!stopping.signal.aborted) {
      const engineIsThere = await hasEngine(db);
      if (engineWasThere && !engineIsThere) {
        await db.raw("update progress set applied_seq = greatest(applied_seq - ?, 0)", [FORGOTTEN]);
        return;
      }
      engineWasThere = engineIsThere;
      await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
  };
  // The lab went down with its databases, or another cell took over: there is no engine to wait for any more.
  const watched = watch()
    .catch(() => undefined)
    .finally(() => db.destroy());
  return {
    stop: async () => {
      stopping.abort();
      await watched;
    },
  };
}

async function hasEngine(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    "select from pg_stat_activity where application_name like '%matching-engine%' and datname = current_database() limit 1",
  );
  return rows.length > 0;
}

async function writerOf({ cells }: Target): Promise<string> {
  for (const { databaseUrl } of Object.values(cells))
    if (await within(databaseUrl, isWriter).catch(() => false)) return databaseUrl;
  throw new Error(
    `no cell of the target holds the writer: none of ${Object.keys(cells).join(", ")} can be reached and written to`,
  );
}

async function isWriter(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { reader: boolean }[] }>("select pg_is_in_recovery() as reader");
  return rows[0]?.reader === false;
}

async function within<T>(url: string, work: (db: Knex) => PromiseLike<T>): Promise<T> {
  const db = connectDatabase(url, { name: "sabotage", max: 1 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
