-- Candles (klines): a function of the trades alone, built behind the projection.
create table candle (
  symbol text not null,
  -- As Binance names it: 1s, 1m … 1M.
  span text not null,
  -- Milliseconds since 1970, UTC.
  open_time bigint not null,
  open numeric(40) not null,
  high numeric(40) not null,
  low numeric(40) not null,
  close numeric(40) not null,
  volume numeric(40) not null,
  quote_volume numeric(40) not null,
  trades integer not null,
  taker_buy_volume numeric(40) not null,
  taker_buy_quote_volume numeric(40) not null,
  primary key (symbol, span, open_time)
) with (fillfactor = 70);

-- The last trade of each symbol that its candles contain.
create table candle_progress (
  symbol text primary key,
  trade_id bigint not null
);

-- When the candle of a span that contains the moment opened. Weeks begin on Monday, months on the first, in UTC.
create function castle_candle_open(span text, moment bigint) returns bigint
language sql immutable as $$
  select case span
    when '1M' then (extract(epoch from date_trunc('month', to_timestamp(moment / 1000) at time zone 'UTC')) * 1000)::bigint
    when '1w' then moment - (moment - 345600000) % 604800000
    else moment - moment % (
      left(span, -1)::bigint
        * case right(span, 1) when 's' then 1000 when 'm' then 60000 when 'h' then 3600000 when 'd' then 86400000 end)
  end
$$;

-- Brings a symbol's candles further, by so many trades at most; answers how many there were. Whoever comes second waits,
-- and finds them contained: a job that is delivered again adds nothing. Refused in another epoch (CS001).
create function castle_build_candles(expected_epoch bigint, expected_region text, built text, spans text[], most integer)
returns integer
language plpgsql as $$
declare
  since bigint;
  upto bigint;
  found integer;
begin
  perform castle_guard(expected_epoch, expected_region);
  insert into candle_progress (symbol, trade_id) values (built, -1) on conflict do nothing;
  select trade_id into since from candle_progress where symbol = built for update;
  select max(t.trade_id), count(*) into upto, found from (
    select trade_id from trade where symbol = built and trade_id > since order by trade_id limit most) as t;
  if found = 0 then return 0; end if;
  insert into candle as c (symbol, span, open_time, open, high, low, close, volume, quote_volume, trades,
      taker_buy_volume, taker_buy_quote_volume)
    select built, s.span, castle_candle_open(s.span, t.time),
      (array_agg(t.price order by t.trade_id))[1], max(t.price), min(t.price),
      (array_agg(t.price order by t.trade_id desc))[1], sum(t.quantity), sum(t.quote_quantity), count(*),
      coalesce(sum(t.quantity) filter (where not t.buyer_is_maker), 0),
      coalesce(sum(t.quote_quantity) filter (where not t.buyer_is_maker), 0)
    from trade t cross join unnest(spans) as s (span)
    where t.symbol = built and t.trade_id > since and t.trade_id <= upto
    group by s.span, castle_candle_open(s.span, t.time)
  on conflict (symbol, span, open_time) do update
    set high = greatest(c.high, excluded.high), low = least(c.low, excluded.low), close = excluded.close,
      volume = c.volume + excluded.volume, quote_volume = c.quote_volume + excluded.quote_volume,
      trades = c.trades + excluded.trades, taker_buy_volume = c.taker_buy_volume + excluded.taker_buy_volume,
      taker_buy_quote_volume = c.taker_buy_quote_volume + excluded.taker_buy_quote_volume;
  update candle_progress set trade_id = upto where symbol = built;
  return found;
end $$;
