import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import { accountRead, select } from "./read.ts";

export interface AccountOptions {
  readonly db: Knex;
  /** Every stream that can hold funds: the cell's symbols. */
  readonly streams: readonly StreamId[];
  /** Every command of the stream up to here is durable, as the mode demands: the journal's mark as this gateway knows it. */
  readonly toldUpTo: (stream: StreamId) => Seq;
}

interface BalanceRow {
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
}

/**
 * A balance holds the funds of every accepted order, of those too that may still be lost with this cell. Told is what
 * is durable: without the holds beyond the mark. Those lie at each stream's end, few and found by the primary key (the
 * limit keeps the planner from reading the whole table for them).
 */
const BALANCES = `
with beyond as (
  select h.asset, sum(h.amount) filter (where h.bucket = 'free') as free,
    sum(h.amount) filter (where h.bucket = 'locked') as locked
  from unnest(cast(:streams as text[]), cast(:marks as bigint[])) as told (stream, mark)
  join progress p on p.stream = told.stream
  cross join lateral (
    select account_id, asset, bucket, amount from posting
    where posting.stream = told.stream and posting.seq > greatest(told.mark, p.applied_seq)
    order by posting.seq, posting.leg limit 100000
  ) h
  where h.account_id = :account
  group by h.asset
)
select b.asset, b.free - coalesce(h.free, 0) as free, b.locked - coalesce(h.locked, 0) as locked
from balance b left join beyond h on h.asset = b.asset
where b.account_id = :account order by b.asset`;

/** GET /api/v3/account */
export const account = (options: AccountOptions): RequestHandler =>
  accountRead(async (accountId, parameters) => {
    const omitZero = parameters.optionalBoolean("omitZeroBalances") ?? false;
    const marks = options.streams.map((stream) => options.toldUpTo(stream));
    const asOf = Date.now();
    const rows = await select<BalanceRow>(options.db, BALANCES, {
      account: accountId,
      streams: [...options.streams],
      marks,
    });
    const none = formatAmount(0n);
    return {
      makerCommission: 0,
      takerCommission: 0,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: { maker: none, taker: none, buyer: none, seller: none },
      canTrade: true,
      canWithdraw: false,
      canDeposit: true,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: asOf,
      accountType: "SPOT",
      balances: rows
        .filter((row) => !omitZero || row.free !== "0" || row.locked !== "0")
        .map((row) => ({
          asset: row.asset,
          free: formatAmount(BigInt(row.free)),
          locked: formatAmount(BigInt(row.locked)),
        })),
      permissions: ["SPOT"],
      uid: accountId,
    };
  });
