import type { Amount } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, PlaceOrder, Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Intent } from "../../kernel/domain/intent.ts";
import type { Applied, StreamMachine } from "../stream/applied.ts";
import { Market } from "../stream/market.ts";
import { FirstResults, repeatKeyOf } from "./first-results.ts";
import { Ledger } from "./ledger.ts";
import { LiveOrders } from "./live-orders.ts";
import type { PendingCommands } from "./pending-commands.ts";

/** One stream in memory: what is applied, and what is sequenced behind it. */
export interface StreamState {
  readonly machine: StreamMachine;
  readonly pending: PendingCommands;
  /** Price of the last trade; null when there was none. */
  lastPrice: Amount | null;
}

/**
 * Everything that trading knows, in memory. Two moments of it: as of the commands *applied*, which is what may be told,
 * and as of the commands *sequenced*, which is what the next one is decided on.
 */
export class TradingState {
  readonly ledger = new Ledger();
  readonly orders = new LiveOrders();
  readonly firstResults = new FirstResults();
  readonly streams: ReadonlyMap<StreamId, StreamState>;

  constructor(streams: ReadonlyMap<StreamId, StreamState>) {
    this.streams = streams;
  }

  stream(stream: StreamId): StreamState {
    const found = this.streams.get(stream);
    if (!found) throw new Error(`stream "${stream}" is not one of ${[...this.streams.keys()].join(", ")}`);
    return found;
  }

  /** The symbol's book and settlement; undefined for the wallet stream, and for one that this cell does not have. */
  market(stream: StreamId): Market | undefined {
    const machine = this.streams.get(stream)?.machine;
    return machine instanceof Market ? machine : undefined;
  }

  lastSeq(stream: StreamId): Seq | undefined {
    return this.streams.get(stream)?.pending.lastSeq;
  }

  /** Whether the intent is one that its sender may repeat. */
  isRepeatable(intent: Intent): boolean {
    return repeatKeyOf(intent) !== null;
  }

  /** What the same was answered with before, as far as memory goes. */
  firstResult(intent: Intent): AcceptedCommand | undefined {
    const key = repeatKeyOf(intent);
    return key === null ? undefined : this.firstResults.get(key);
  }

  /** The command has its place: the next one is decided knowing what this one takes. */
  sequenced(accepted: AcceptedCommand): void {
    this.stream(accepted.stream).pending.push(accepted);
    this.firstResults.sequenced(accepted, performance.now());
    if (!isPlace(accepted)) return;
    const { asset, amount } = accepted.command.hold;
    this.ledger.reserve(accepted.accountId, asset, amount);
    this.orders.sequenced(accepted);
  }

  /** The last command sequenced in its stream was never logged: it is as if it had not been asked for. */
  withdrawn(accepted: AcceptedCommand): void {
    this.stream(accepted.stream).pending.withdraw(accepted);
    this.firstResults.withdrawn(accepted);
    if (!isPlace(accepted)) return;
    const { asset, amount } = accepted.command.hold;
    this.ledger.release(accepted.accountId, asset, amount);
    this.orders.withdrawn(accepted.stream, accepted.seq);
  }

  /**
   * Applies the stream's next command.
   * @throws BookViolated, LedgerViolated when it cannot be: a defect, and this state is of no use any more
   */
  applyNext(stream: StreamId): { readonly accepted: AcceptedCommand; readonly applied: Applied } {
    const state = this.stream(stream);
    const accepted = state.pending.shift();
    const applied = state.machine.apply(accepted);
    if (isPlace(accepted)) {
      const { asset, amount } = accepted.command.hold;
      this.ledger.release(accepted.accountId, asset, amount);
    }
    this.ledger.post(applied.postings);
    for (const order of applied.orders) this.orders.changed(stream, order);
    const lastTrade = applied.outcome.trades.at(-1);
    if (lastTrade) state.lastPrice = BigInt(lastTrade.price);
    return { accepted, applied };
  }
}

const isPlace = (accepted: AcceptedCommand): accepted is AcceptedCommand<PlaceOrder> =>
  accepted.command.kind === "place";
