/**
 * What the two hot paths write, each in one call: a statement costs a round of messages on both sides, and there would
 * be nine in every transaction. Rows come as JSON arrays of objects named like the columns.
 */
export const writes = `
-- Inserts postings and adds them to the balances, which it locks in the order of (account, asset) as every writer of
-- balances does: unordered, two batches would deadlock.
create function castle_write_postings(legs json) returns void
language plpgsql as $$
begin
  with leg as materialized (
    select * from json_to_recordset(legs) as l (
      stream text, seq bigint, leg integer, account_id bigint, asset text, bucket text, amount numeric)
  ), written as (
    insert into posting (stream, seq, leg, account_id, asset, bucket, amount) select * from leg
  )
  insert into balance (account_id, asset, free, locked)
    select account_id, asset,
      coalesce(sum(amount) filter (where bucket = 'free'), 0),
      coalesce(sum(amount) filter (where bucket = 'locked'), 0)
    from leg group by account_id, asset order by account_id, asset
  on conflict (account_id, asset) do update
    set free = balance.free + excluded.free, locked = balance.locked + excluded.locked;
end $$;

-- Writes sequenced commands with their holds, and moves their streams' ends.
create function castle_write_commands(commands json, holds json) returns void
language plpgsql as $$
begin
  insert into command (stream, seq, epoch, account_id, client_id, kind, accepted_at, body)
    select * from json_to_recordset(commands) as c (
      stream text, seq bigint, epoch bigint, account_id bigint, client_id text, kind text, accepted_at bigint, body text);
  update stream set last_seq = ends.seq
    from (select c.stream, max(c.seq) as seq from json_to_recordset(commands) as c (stream text, seq bigint)
      group by c.stream) as ends
    where stream.name = ends.stream;
  if json_array_length(holds) > 0 then perform castle_write_postings(holds); end if;
end $$;

-- Everything that must be known to decide a batch, under the locks that keep it true until the transaction ends: the
-- guard's answer, the streams' ends, what stands under the client ids already, the balances. Each statement here sees
-- what the locks before it waited for.
create function castle_open_batch(
  expected_epoch bigint, expected_region text, streams text[],
  account_ids bigint[], kinds text[], client_ids text[], holders bigint[], assets text[]
) returns table (gate text, durability text, ends json, earlier json, balances json)
language plpgsql as $$
begin
  select g.gate, g.durability into gate, durability from castle_guard(expected_epoch, expected_region) as g;
  select json_agg(s) into ends from (
    select name, last_seq from stream where name = any(streams) order by name for update) as s;
  select json_agg(e) into earlier from (
    select c.stream, c.seq, c.epoch, c.account_id, c.client_id, c.kind, c.accepted_at, c.body
      from unnest(account_ids, kinds, client_ids) as asked (account_id, kind, client_id)
      join command c using (account_id, kind, client_id)) as e;
  select json_agg(b) into balances from (
    select b.account_id, b.asset, b.free::text from balance b
      where (b.account_id, b.asset) in (select * from unnest(holders, assets))
      order by b.account_id, b.asset for update) as b;
  return next;
end $$;

-- Sequences and writes a batch that was decided on what was read without locks. Locks are held for this one call, not
-- for a round trip: engines and gateways wait for each other's balances far less. What the decision may have missed is
-- found here, and refused (CS004, or a client id that is there already): then the batch is decided anew, under locks.
create function castle_accept(expected_epoch bigint, expected_region text, expected_gate text, intents json)
returns table (durability text, seqs json)
language plpgsql as $$
declare
  held_gate text;
  overdrawn boolean;
begin
  select g.gate, g.durability into held_gate, durability from castle_guard(expected_epoch, expected_region) as g;
  if held_gate is distinct from expected_gate then
    raise exception 'the gate is % by now, not %', held_gate, expected_gate using errcode = 'CS004';
  end if;
  perform from stream
    where name in (select i.stream from json_to_recordset(intents) as i (stream text)) order by name for update;
  with intent as materialized (
    select i.*, s.last_seq + row_number() over (partition by i.stream order by i.place) as seq
      from json_to_recordset(intents) as i (
        place integer, stream text, account_id bigint, client_id text, kind text, accepted_at bigint, body text,
        hold_asset text, hold_amount numeric)
      join stream s on s.name = i.stream
  ), written as (
    insert into command (stream, seq, epoch, account_id, client_id, kind, accepted_at, body)
      select stream, seq, expected_epoch, account_id, client_id, kind, accepted_at, body from intent
  ), moved as (
    update stream set last_seq = ends.seq
      from (select stream, max(seq) as seq from intent group by stream) as ends where stream.name = ends.stream
  ), posted as (
    insert into posting (stream, seq, leg, account_id, asset, bucket, amount)
      select i.stream, i.seq, l.leg, i.account_id, i.hold_asset, l.bucket, l.sign * i.hold_amount
      from intent i cross join (values (0, 'free', -1), (1, 'locked', 1)) as l (leg, bucket, sign)
      where i.hold_asset is not null
  ), taken as (
    insert into balance (account_id, asset, free, locked)
      select account_id, hold_asset, -sum(hold_amount), sum(hold_amount) from intent
      where hold_asset is not null group by account_id, hold_asset order by account_id, hold_asset
    on conflict (account_id, asset) do update
      set free = balance.free + excluded.free, locked = balance.locked + excluded.locked
    returning free
  )
  select json_agg(json_build_array(intent.place, intent.seq)), (select bool_or(free < 0) from taken)
    into seqs, overdrawn from intent;
  if overdrawn then
    raise exception 'a balance was spent elsewhere meanwhile' using errcode = 'CS004';
  end if;
  return next;
end $$;

-- Writes what a chunk of one stream's commands did, if nobody else has applied any of them meanwhile. Plain inserts: a
-- command applied twice must be an error, never silence.
create function castle_apply(
  expected_epoch bigint, expected_region text, applied text, from_seq bigint, to_seq bigint,
  accounts json, trades json, orders_now json, postings json, outcomes json
) returns void
language plpgsql as $$
declare held bigint;
begin
  perform castle_guard(expected_epoch, expected_region);
  select applied_seq into held from progress where stream = applied for update;
  if held is distinct from from_seq then
    raise exception 'stream % is applied up to %, not %: somebody else applied it', applied, held, from_seq
      using errcode = 'CS003';
  end if;
  insert into account (account_id, api_key, sealed_secret)
    select * from json_to_recordset(accounts) as a (account_id bigint, api_key text, sealed_secret text);
  insert into trade (symbol, trade_id, seq, price, quantity, quote_quantity, maker_order_id, taker_order_id,
      maker_account_id, taker_account_id, buyer_is_maker, time)
    select applied, t.* from json_to_recordset(trades) as t (
      trade_id bigint, seq bigint, price numeric, quantity numeric, quote_quantity numeric, maker_order_id bigint,
      taker_order_id bigint, maker_account_id bigint, taker_account_id bigint, buyer_is_maker boolean, time bigint);
  insert into orders (symbol, order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty,
      executed_qty, cummulative_quote_qty, hold_asset, hold_left, status, time, update_time)
    select applied, o.* from json_to_recordset(orders_now) as o (
      order_id bigint, account_id bigint, client_order_id text, side text, type text, time_in_force text,
      price numeric, orig_qty numeric, executed_qty numeric, cummulative_quote_qty numeric, hold_asset text,
      hold_left numeric, status text, time bigint, update_time bigint)
    on conflict (symbol, order_id) do update
      set executed_qty = excluded.executed_qty, cummulative_quote_qty = excluded.cummulative_quote_qty,
        hold_left = excluded.hold_left, status = excluded.status, update_time = excluded.update_time;
  if json_array_length(postings) > 0 then perform castle_write_postings(postings); end if;
  insert into outcome (stream, seq, body)
    select applied, u.* from json_to_recordset(outcomes) as u (seq bigint, body text);
  update progress set applied_seq = to_seq where stream = applied;
end $$;
`;
