/**
 * A cell's journal: the peer's accepted commands, and the fence. See docs/architecture.md, "The journal is the fence".
 *
 * Every call that writes, or that tells how far the journal reaches, first passes journal_check_epoch(), which takes
 * the fence's lock in shared mode and refuses any epoch but the journal's own. Raising the epoch takes the lock
 * exclusively: once it is raised, no append of an older epoch can commit, nor learn a mark.
 */
export const journal = `
create table fence (
  singleton boolean primary key default true check (singleton),
  epoch bigint not null
);
insert into fence (epoch) values (0);

create table entry (
  stream text not null,
  seq bigint not null,
  epoch bigint not null,
  account_id bigint not null,
  client_id text not null,
  kind text not null,
  accepted_at bigint not null,
  body text not null,
  primary key (stream, seq)
);

-- Every command of the stream with seq <= mark is durable in this region: here, or in the standby database beside.
create table high_water (
  stream text primary key,
  mark bigint not null default 0
);

create function journal_check_epoch(asked bigint) returns void
language plpgsql as $$
declare held bigint;
begin
  perform pg_advisory_xact_lock_shared(hashtext('castle.fence'));
  select epoch into held from fence;
  if held <> asked then
    raise exception 'stale epoch: asked in epoch %, the journal is at epoch %', asked, held using errcode = 'CS001';
  end if;
end $$;

-- Raises the fence; resolves with the epoch that stands. What lies beyond a gap was never acknowledged by anyone (an
-- acknowledgement needs the contiguous mark), and its places in the stream will be taken by others: it goes.
create function journal_raise_epoch(asked bigint) returns bigint
language plpgsql as $$
declare held bigint;
begin
  perform pg_advisory_xact_lock(hashtext('castle.fence'));
  select epoch into held from fence;
  if asked > held then
    delete from entry e using high_water h where h.stream = e.stream and e.seq > h.mark;
    update fence set epoch = asked;
    held := asked;
  end if;
  return held;
end $$;

-- Moves a stream's mark over every entry that follows it without a gap; resolves with the mark. The caller holds the
-- stream's row.
create function journal_advance(moved text, from_mark bigint) returns bigint
language plpgsql as $$
declare reached bigint := from_mark;
begin
  while exists (select from entry where stream = moved and seq = reached + 1) loop
    reached := reached + 1;
  end loop;
  if reached > from_mark then
    update high_water set mark = reached where stream = moved;
  end if;
  return reached;
end $$;

-- Appends commands; resolves with the mark of each stream among them. Appending the same command again is harmless;
-- another command at a taken place is refused. Whoever closes a gap wakes those who wait behind it (channel "mark").
create function journal_append(
  asked bigint, streams text[], seqs bigint[], epochs bigint[], account_ids bigint[], client_ids text[], kinds text[],
  accepted_ats bigint[], bodies text[]
) returns table (stream text, mark bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  clash record;
  held record;
  reached bigint;
begin
  perform journal_check_epoch(asked);
  insert into high_water (stream) select distinct s from unnest(streams) s order by s on conflict do nothing;
  insert into entry (stream, seq, epoch, account_id, client_id, kind, accepted_at, body)
    select * from unnest(streams, seqs, epochs, account_ids, client_ids, kinds, accepted_ats, bodies)
    on conflict do nothing;
  select e.stream, e.seq into clash
    from unnest(streams, seqs, account_ids, client_ids, bodies) as n (stream, seq, account_id, client_id, body)
    join entry e on e.stream = n.stream and e.seq = n.seq
    where (e.account_id, e.client_id, e.body) is distinct from (n.account_id, n.client_id, n.body) limit 1;
  if found then
    raise exception 'another command holds place % of stream % in the journal', clash.seq, clash.stream
      using errcode = 'CS002';
  end if;
  for held in
    select h.stream, h.mark, n.last from high_water h
      join (select s, max(q) as last from unnest(streams, seqs) as u (s, q) group by s) n on n.s = h.stream
      order by h.stream for update of h
  loop
    reached := journal_advance(held.stream, held.mark);
    if reached > held.last and reached > held.mark then
      perform pg_notify('mark', held.stream || ':' || reached);
    end if;
    stream := held.stream;
    mark := reached;
    return next;
  end loop;
end $$;

create function journal_marks(asked bigint) returns table (stream text, mark bigint)
language plpgsql as $$
begin
  perform journal_check_epoch(asked);
  return query select h.stream, h.mark from high_water h;
end $$;

-- The standby database beside this journal holds the stream up to here, so the region does: nobody needs to send it
-- again, and what is more than the margin below may be pruned. The epoch is the one the standby database itself shows:
-- a history that another epoch has left behind vouches for nothing.
create function journal_vouch(asked bigint, vouched text, up_to bigint, margin bigint) returns void
language plpgsql as $$
declare held bigint;
begin
  perform journal_check_epoch(asked);
  insert into high_water (stream) values (vouched) on conflict do nothing;
  select mark into held from high_water where stream = vouched for update;
  if up_to > held then
    update high_water set mark = up_to where stream = vouched;
    perform journal_advance(vouched, up_to);
  end if;
  delete from entry where stream = vouched and seq <= up_to - margin;
end $$;
`;
