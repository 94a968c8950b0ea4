/**
 * The cell's own database: the Aurora member. Amounts are integers in the smallest unit (numeric: 64 bits are too few).
 *
 * The role row is the epoch guard. Whoever writes calls castle_guard() first in its transaction, which takes the
 * guard's lock in shared mode; whoever changes the role takes it exclusively. So a change of role waits for the writes
 * before it, and every write after it sees it.
 */
export const ledger = `
create table role (
  singleton boolean primary key default true check (singleton),
  epoch bigint not null check (epoch > 0),
  region text not null,
  gate text not null check (gate in ('closed', 'cancel-only', 'open')),
  -- What the acknowledgement of a command waits for: see kernel/role. Stricter than the witness's mode, or equal to it.
  durability text not null check (durability in ('paired', 'solo'))
);

create function castle_guard(expected_epoch bigint, expected_region text) returns table (gate text, durability text)
language plpgsql as $$
declare held role%rowtype;
begin
  perform pg_advisory_xact_lock_shared(hashtext('castle.role'));
  select * into held from role;
  if held.epoch is distinct from expected_epoch or held.region is distinct from expected_region then
    raise exception 'stale epoch: asked as % in epoch %, the database is at epoch % of %',
      expected_region, expected_epoch, held.epoch, held.region using errcode = 'CS001';
  end if;
  return query select held.gate, held.durability;
end $$;

-- Raises the epoch, closed and solo; the same epoch and region again changes nothing. A lower one is refused.
create function castle_raise_epoch(new_epoch bigint, new_region text) returns void
language plpgsql as $$
declare held role%rowtype;
begin
  perform pg_advisory_xact_lock(hashtext('castle.role'));
  select * into held from role;
  if held.epoch = new_epoch and held.region = new_region then return; end if;
  if held.epoch >= new_epoch then
    raise exception 'stale epoch: % of % asked for, the database is at epoch % of %',
      new_epoch, new_region, held.epoch, held.region using errcode = 'CS001';
  end if;
  update role set epoch = new_epoch, region = new_region, gate = 'closed', durability = 'solo';
end $$;

create function castle_set_gate(expected_epoch bigint, new_gate text) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('castle.role'));
  update role set gate = new_gate where epoch = expected_epoch;
  if not found then
    raise exception 'stale epoch: the gate of epoch % cannot be set, the database is at another', expected_epoch
      using errcode = 'CS001';
  end if;
end $$;

create function castle_set_durability(expected_epoch bigint, new_durability text) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('castle.role'));
  update role set durability = new_durability where epoch = expected_epoch;
  if not found then
    raise exception 'stale epoch: the durability of epoch % cannot be set, the database is at another', expected_epoch
      using errcode = 'CS001';
  end if;
end $$;

-- No foreign keys lead to it: each would make every command lock its stream's row a second time.
create table stream (
  name text primary key,
  last_seq bigint not null default 0
) with (fillfactor = 50);

create table progress (
  stream text primary key,
  applied_seq bigint not null default 0
) with (fillfactor = 50);

create table command (
  stream text not null,
  seq bigint not null,
  epoch bigint not null,
  account_id bigint not null,
  client_id text not null,
  kind text not null,
  accepted_at bigint not null,
  body text not null,
  constraint command_pkey primary key (stream, seq),
  constraint command_client_id_once unique (account_id, kind, client_id)
);

create table outcome (
  stream text not null,
  seq bigint not null,
  body text not null,
  constraint outcome_pkey primary key (stream, seq)
);

create table account (
  account_id bigint primary key,
  api_key text not null unique,
  sealed_secret text not null
);

create table balance (
  account_id bigint not null,
  asset text not null,
  free numeric(40) not null default 0,
  locked numeric(40) not null default 0,
  primary key (account_id, asset)
) with (fillfactor = 70);

create table posting (
  stream text not null,
  seq bigint not null,
  leg integer not null,
  account_id bigint not null,
  asset text not null,
  bucket text not null check (bucket in ('free', 'locked')),
  amount numeric(40) not null,
  constraint posting_pkey primary key (stream, seq, leg)
);

create table orders (
  symbol text not null,
  order_id bigint not null,
  account_id bigint not null,
  client_order_id text not null,
  side text not null,
  type text not null,
  time_in_force text not null,
  price numeric(40) not null,
  orig_qty numeric(40) not null,
  executed_qty numeric(40) not null,
  cummulative_quote_qty numeric(40) not null,
  -- What acceptance locked for this order and nothing has used or released yet.
  hold_asset text not null,
  hold_left numeric(40) not null,
  status text not null,
  time bigint not null,
  update_time bigint not null,
  primary key (symbol, order_id)
) with (fillfactor = 70);
create index orders_open on orders (symbol, order_id) where status in ('NEW', 'PARTIALLY_FILLED');
create index orders_open_of_account on orders (account_id) where status in ('NEW', 'PARTIALLY_FILLED');

create table trade (
  symbol text not null,
  trade_id bigint not null,
  seq bigint not null,
  price numeric(40) not null,
  quantity numeric(40) not null,
  quote_quantity numeric(40) not null,
  maker_order_id bigint not null,
  taker_order_id bigint not null,
  maker_account_id bigint not null,
  taker_account_id bigint not null,
  buyer_is_maker boolean not null,
  time bigint not null,
  constraint trade_pkey primary key (symbol, trade_id)
);
create index trade_of_maker on trade (maker_account_id, symbol, trade_id);
create index trade_of_taker on trade (taker_account_id, symbol, trade_id);
`;
