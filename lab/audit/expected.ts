import { notional } from "@castle/services/kernel/domain/amount.ts";
import {
  type AcceptedCommand,
  type PlaceOrder,
  type Seq,
  type StreamId,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import type { OrderReport, Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { replayWithBalances } from "@castle/services/matching-engine/reference/replay.ts";
import type { BalanceDelta } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import { LevelHistory } from "./level-history.ts";
import { isOpenStatus, type StandingOrder, type StandingStream, type StandingTrade } from "./standing.ts";

/** An order as the replay leaves it, and every state it passed through. */
export interface ExpectedOrder {
  readonly final: StandingOrder;
  /** See {@link stateText}. */
  readonly states: ReadonlySet<string>;
}

/** What the deterministic replay of one stream's commands comes to. */
export interface ExpectedStream {
  readonly stream: StreamId;
  /** What was replayed: the command at [seq − 1]. */
  readonly commands: readonly AcceptedCommand[];
  /** Whether a command stands there, and was not replayed: of its effects nothing can be said. */
  readonly unknown: (seq: Seq) => boolean;
  /** One for each command, from seq 1 on. */
  readonly outcomes: readonly Outcome[];
  /** What each command does to balances beyond its hold, at [seq − 1]. */
  readonly deltas: readonly (readonly BalanceDelta[])[];
  readonly trades: ReadonlyMap<number, StandingTrade>;
  readonly orders: ReadonlyMap<number, ExpectedOrder>;
  readonly levels: LevelHistory;
}

/** What may be told of an order's state and changes over time. Amounts as integer strings. */
export const stateText = (of: {
  readonly status: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
}): string => `${of.status} ${of.executedQty} ${of.cummulativeQuoteQty}`;

/**
 * Replays a stream through the reference engine: slow, plain, and not what the platform itself ran. It goes from the
 * first command to the last one applied, or to the first that is missing.
 */
export function replayStream(standing: StandingStream): ExpectedStream {
  const { stream } = standing;
  const commands = replayable(standing);
  const outcomes: Outcome[] = [];
  const deltas: (readonly BalanceDelta[])[] = [];
  const trades = new Map<number, StandingTrade>();
  const orders = new Map<number, { final: StandingOrder; states: Set<string> }>();
  const levels = new LevelHistory();
  const places = new Map<Seq, PlaceOrder>();
  for (const { seq, command } of commands) if (command.kind === "place") places.set(seq, command);
  for (const { outcome, deltas: moved } of replayWithBalances(stream, commands)) {
    outcomes.push(outcome);
    deltas.push(moved);
    if (stream === WALLET_STREAM) continue;
    levels.add(outcome.levels);
    const { seq, time } = outcome;
    for (const trade of outcome.trades) trades.set(trade.tradeId, { symbol: stream, seq, time, ...trade });
    for (const report of outcome.reports) {
      const known = orders.get(report.orderId);
      const states = known?.states ?? new Set([stateText(fresh)]);
      states.add(stateText(report));
      const holdAsset = places.get(report.orderId)?.hold.asset ?? "";
      orders.set(report.orderId, { final: finalOrder(report, time, holdAsset), states });
    }
  }
  const behind = new Set(standing.commands.slice(commands.length).map(({ seq }) => seq));
  const unknown = (seq: Seq): boolean => behind.has(seq);
  return { stream, commands, unknown, outcomes, deltas, trades, orders, levels };
}

/** An order that is accepted and not yet matched is told as NEW, whatever becomes of it. */
const fresh = { status: "NEW", executedQty: "0", cummulativeQuoteQty: "0" } as const;

const finalOrder = (report: OrderReport, updateTime: number, holdAsset: string): StandingOrder => ({
  symbol: report.symbol,
  orderId: report.orderId,
  accountId: report.accountId,
  clientOrderId: report.clientOrderId,
  side: report.side,
  type: report.type,
  timeInForce: report.timeInForce,
  price: report.price,
  origQty: report.origQty,
  executedQty: report.executedQty,
  cummulativeQuoteQty: report.cummulativeQuoteQty,
  holdAsset,
  holdLeft: holdLeft(report),
  status: report.status,
  time: report.orderTime,
  updateTime,
});

/** What an open order still needs; a closed one needs nothing. */
function holdLeft({ status, side, price, origQty, executedQty }: OrderReport): string {
  if (!isOpenStatus(status)) return "0";
  const remaining = BigInt(origQty) - BigInt(executedQty);
  return `${side === "BUY" ? notional(BigInt(price), remaining) : remaining}`;
}

function replayable({ commands, appliedSeq }: StandingStream): readonly AcceptedCommand[] {
  const end = commands.findIndex(({ seq }, index) => seq !== index + 1 || seq > appliedSeq);
  return end === -1 ? commands : commands.slice(0, end);
}
