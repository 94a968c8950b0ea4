import type { AccountId } from "@castle/services/kernel/domain/command.ts";
import type { TradingState } from "@castle/services/matching-engine/state/trading-state.ts";

const ACCOUNTS: readonly AccountId[] = [0, 1, 2, 3];

/** All that a trading state knows, to be compared with another's. */
export const snapshot = (state: TradingState): unknown => ({
  streams: [...state.streams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stream, { machine, pending, lastPrice }]) => ({
      ...{
        stream,
        appliedSeq: machine.appliedSeq,
        lastSeq: pending.lastSeq,
        pending: pending.size,
        lastPrice,
      },
      book: {
        bids: [...(state.market(stream)?.book.ordersOf("BUY") ?? [])],
        asks: [...(state.market(stream)?.book.ordersOf("SELL") ?? [])],
      },
      counts: ACCOUNTS.map((account) => state.orders.count(account, stream)),
    })),
  accounts: ACCOUNTS.map((account) => ({
    balances: [...state.ledger.balances(account)]
      .map(([asset, { free, locked }]) => ({
        ...{ asset, free, locked, available: state.ledger.available(account, asset) },
      }))
      // One that was asked for and never moved says nothing.
      .filter(({ free, locked, available }) => free !== 0n || locked !== 0n || available !== 0n)
      .sort((a, b) => (a.asset < b.asset ? -1 : 1)),
    orders: [...state.orders.of(account)].sort((a, b) =>
      a.stream === b.stream ? a.orderId - b.orderId : a.stream < b.stream ? -1 : 1,
    ),
  })),
});
