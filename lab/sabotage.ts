import type { Sabotage } from "@castle/dr-runbooks/report/report.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Knex } from "knex";

/** What each sabotage breaks, for people: help texts and reports. */
export const sabotagePurposes: Readonly<Record<Sabotage, string>> = {
  fence:
    "The journals let every engine through, whatever its epoch, and look fenced to everybody else: an old cell may go on acknowledging.",
  journal:
    "The journals answer that they hold a command without storing it: what only the lost region had is lost with it.",
  mark: "The journals answer with a mark far beyond what they hold: an engine publishes and acknowledges before it is durable there.",
  once: "Every tenth command is projected twice: its postings, trades and outcome stand two times.",
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
    case "mark":
      for (const { journalUrl } of Object.values(cells))
        await within(journalUrl, (db) => db.raw(boastfulJournal));
      return nothingMore;
    case "once":
      await within(await writerOf(lab.target), (db) => db.raw(projectedTwice));
      return nothingMore;
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
  if current_setting('application_name') like '%matching-engine%' then return; end if;
  perform intact_check_epoch(asked);
end $$;
create or replace function journal_raise_epoch(asked bigint) returns bigint
language plpgsql as $$
begin
  if current_setting('application_name') like '%matching-engine%' and asked < (select epoch from fence) then
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

/** What is there already is written again, behind the engine's back; nothing in the database keeps it from that. */
const projectedTwice = `
create index if not exists posting_place on posting (stream, seq, leg);
create index if not exists trade_place on trade (symbol, trade_id);
create index if not exists outcome_place on outcome (stream, seq);
alter table posting drop constraint if exists posting_pkey;
alter table trade drop constraint if exists trade_pkey;
alter table outcome drop constraint if exists outcome_pkey;
create or replace function project_again() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() > 1 then return null; end if;
  execute format('insert into %I select * from written where seq %% 10 = 0', tg_table_name);
  return null;
end $$;
${["posting", "trade", "outcome"]
  .map(
    (table) => `drop trigger if exists twice on ${table};
create trigger twice after insert on ${table} referencing new table as written for each statement
  execute function project_again();`,
  )
  .join("\n")}
`;

/** The entries are stored as ever: only what is said of them is more than is there. */
const boastfulJournal = `
do $$ begin
  if to_regproc('honest_append') is not null then return; end if;
  execute replace(pg_get_functiondef(
    'journal_append(bigint, text[], bigint[], bigint[], bigint[], text[], text[], bigint[], text[])'::regprocedure),
    'journal_append(', 'honest_append(');
  execute replace(pg_get_functiondef('journal_marks(bigint)'::regprocedure), 'journal_marks(', 'honest_marks(');
end $$;
create or replace function journal_append(
  asked bigint, streams text[], seqs bigint[], epochs bigint[], account_ids bigint[], client_ids text[], kinds text[],
  accepted_ats bigint[], bodies text[]
) returns table (stream text, mark bigint)
language sql as $$
  select h.stream, h.mark + 1000000
    from honest_append(asked, streams, seqs, epochs, account_ids, client_ids, kinds, accepted_ats, bodies) as h
$$;
create or replace function journal_marks(asked bigint) returns table (stream text, mark bigint)
language sql as $$ select h.stream, h.mark + 1000000 from honest_marks(asked) as h $$;
`;

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
