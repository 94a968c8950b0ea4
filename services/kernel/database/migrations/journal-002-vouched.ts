/**
 * When the standby database beside this journal last showed that it follows, and in which epoch. A database that is
 * being rebuilt holds nothing of what it once vouched for, so that only a word since then counts.
 */
export const vouched = `
create table vouched (
  singleton boolean primary key default true check (singleton),
  epoch bigint not null,
  at timestamptz not null
);
insert into vouched values (true, 0, now());

create function journal_standby_follows(asked bigint) returns void
language plpgsql as $$
begin
  perform journal_check_epoch(asked);
  update vouched set epoch = asked, at = clock_timestamp();
end $$;

-- Whether the standby database has said so within the time, in this epoch, and since this server started: a region
-- that was lost comes back with the journal's data, and perhaps with a database that has to be rebuilt.
create function journal_standby_followed(asked bigint, within interval) returns boolean
language plpgsql as $$
begin
  perform journal_check_epoch(asked);
  return exists (
    select from vouched
    where epoch = asked and at > greatest(clock_timestamp() - within, pg_postmaster_start_time())
  );
end $$;
`;
