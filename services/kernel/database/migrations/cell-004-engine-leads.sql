-- The matching engine leads: it sequences in memory, logs a batch in one call, and projects what came of it later.

-- What was accepted before holds its funds already, and would hold them twice.
do $$ begin
  if exists (select from stream s join progress p on p.stream = s.name where p.applied_seq < s.last_seq) then
    raise exception 'commands are accepted and not applied: close the gate and wait for the engine, then migrate';
  end if;
end $$;

-- Which engine leads the cell's streams. The generation grows whenever another engine takes them over: it guards the
-- command log against a predecessor in the same cell as the epoch guards it against the other cell.
create table lead (
  singleton boolean primary key default true check (singleton),
  epoch bigint not null,
  generation bigint not null,
  instance text not null,
  -- host:port of the line on which gateways and market-data reach it.
  address text not null
);

-- Takes the lead; resolves with the new generation. `seen` is the generation that the caller read: who comes second is
-- refused (CS005). Takes the guard's lock exclusively, so that it waits for the writes of the engine before, and every
-- write of that one after it is refused.
create function castle_take_lead(
  expected_epoch bigint, expected_region text, seen bigint, new_instance text, new_address text
) returns bigint
language plpgsql as $$
declare held bigint;
begin
  perform pg_advisory_xact_lock(hashtext('castle.role'));
  if not exists (select from role where epoch = expected_epoch and region = expected_region) then
    raise exception 'stale epoch: % asks to lead in epoch %, the database is in another', expected_region, expected_epoch
      using errcode = 'CS001';
  end if;
  select generation into held from lead;
  if coalesce(held, 0) <> seen then
    raise exception 'another engine leads by now: generation %, not %', held, seen using errcode = 'CS005';
  end if;
  insert into lead (epoch, generation, instance, address)
    values (expected_epoch, seen + 1, new_instance, new_address)
    on conflict (singleton) do update
      set epoch = excluded.epoch, generation = excluded.generation, instance = excluded.instance,
        address = excluded.address;
  return seen + 1;
end $$;

-- As castle_guard(), and refuses every engine but the one that leads (CS005).
create function castle_guard_lead(expected_epoch bigint, expected_region text, expected_generation bigint)
returns table (gate text, durability text)
language plpgsql as $$
declare held bigint;
begin
  select g.gate, g.durability into gate, durability from castle_guard(expected_epoch, expected_region) as g;
  select generation into held from lead;
  if held is distinct from expected_generation then
    raise exception 'stale generation: % asked, the database is at %', expected_generation, held using errcode = 'CS005';
  end if;
  return next;
end $$;

-- A key that its sender gave a command, to repeat it without harm: kept with the command's place.
create table idempotency (
  account_id bigint not null,
  key text not null,
  stream text not null,
  seq bigint not null,
  accepted_at bigint not null,
  primary key (account_id, key, accepted_at)
);

-- A client order id is unique among open orders alone, which the engine sees to; a deposit's reference is so for ever.
alter table command drop constraint command_client_id_once;
create unique index command_wallet_once on command (account_id, kind, client_id) where stream = 'wallet';

-- Appends sequenced commands behind the ends of their streams, which it moves. Whatever would leave a gap, or take a
-- taken place, is refused (CS006).
create function castle_append_commands(
  streams text[], seqs bigint[], epochs bigint[], account_ids bigint[], client_ids text[], kinds text[],
  accepted_ats bigint[], bodies text[], keys text[]
) returns void
language plpgsql as $$
declare
  asked integer;
  moved integer;
begin
  with ends as (
    select u.stream, min(u.seq) as first, max(u.seq) as last, count(*) as commands
      from unnest(streams, seqs) as u (stream, seq) group by u.stream
  ), updated as (
    update stream s set last_seq = e.last from ends e
      where s.name = e.stream and s.last_seq = e.first - 1 and e.last - e.first + 1 = e.commands
      returning s.name
  )
  select (select count(*) from ends), (select count(*) from updated) into asked, moved;
  if moved <> asked then
    raise exception 'commands do not follow the end of their stream: % of % streams do', moved, asked
      using errcode = 'CS006';
  end if;
  insert into command (stream, seq, epoch, account_id, client_id, kind, accepted_at, body)
    select * from unnest(streams, seqs, epochs, account_ids, client_ids, kinds, accepted_ats, bodies);
  if cardinality(keys) > 0 then
    insert into idempotency (account_id, key, stream, seq, accepted_at)
      select u.account_id, u.key, u.stream, u.seq, u.accepted_at
        from unnest(account_ids, keys, streams, seqs, accepted_ats) as u (account_id, key, stream, seq, accepted_at)
        where u.key <> '';
  end if;
end $$;

-- Logs a batch that the leading engine sequenced: the only statement an order waits for in its own cell. Refused when
-- another epoch (CS001) or engine (CS005) holds the log, or when the gate is not the one it was decided under (CS004).
-- Answers what an acknowledgement of it waits for. The guards' checks are written out: a call costs as much as a check.
create function castle_log(
  expected_epoch bigint, expected_region text, expected_generation bigint, expected_gate text,
  streams text[], seqs bigint[], account_ids bigint[], client_ids text[], kinds text[], accepted_ats bigint[],
  bodies text[], keys text[]
) returns text
language plpgsql as $$
declare held record;
begin
  perform pg_advisory_xact_lock_shared(hashtext('castle.role'));
  select r.epoch, r.region, r.gate, r.durability, l.generation into held from role r left join lead l on true;
  if held.epoch is distinct from expected_epoch or held.region is distinct from expected_region
    or held.generation is distinct from expected_generation then
    perform castle_guard_lead(expected_epoch, expected_region, expected_generation);
  end if;
  if held.gate is distinct from expected_gate then
    raise exception 'the gate is % by now, not %', held.gate, expected_gate using errcode = 'CS004';
  end if;
  perform castle_append_commands(
    streams, seqs, array_fill(expected_epoch, array[cardinality(seqs)]), account_ids, client_ids, kinds, accepted_ats,
    bodies, keys);
  return held.durability;
end $$;

-- Moves streams' projected ends from where they must be (CS003: somebody else has projected them meanwhile).
create function castle_move_progress(streams text[], froms bigint[], tos bigint[]) returns void
language plpgsql as $$
declare moved integer;
begin
  update progress p set applied_seq = u.upto
    from unnest(streams, froms, tos) as u (stream, since, upto)
    where p.stream = u.stream and p.applied_seq = u.since;
  get diagnostics moved = row_count;
  if moved <> cardinality(streams) then
    raise exception 'streams % are not projected up to %: somebody else has projected them', streams, froms
      using errcode = 'CS003';
  end if;
end $$;

-- The last command that changed the order: who reads it beside what is younger knows which of the two to believe.
alter table orders add column updated_seq bigint not null default 0;
create index orders_by_client_id on orders (account_id, client_order_id, order_id);
-- Open orders of an account are answered from the engine's memory.
drop index orders_open_of_account;

alter table balance add constraint balance_not_below_zero check (account_id = 0 or (free >= 0 and locked >= 0));

-- Decided in the engine's memory since: see matching-engine/sequencing.
drop function castle_accept(bigint, text, text, json);
drop function castle_open_batch(bigint, text, text[], bigint[], text[], text[], bigint[], text[]);
drop function castle_apply(bigint, text, text, bigint, bigint, json, json, json, json, json);
drop function castle_write_commands(json, json);
drop function castle_write_postings(json);
drop table cut_off;
