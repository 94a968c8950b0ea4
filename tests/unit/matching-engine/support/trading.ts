import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Seq,
  type StreamId,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { type Decision, decide, type Held } from "@castle/services/matching-engine/sequencing/decide.ts";
import { PendingCommands } from "@castle/services/matching-engine/state/pending-commands.ts";
import { type StreamState, TradingState } from "@castle/services/matching-engine/state/trading-state.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { Wallets } from "@castle/services/matching-engine/stream/wallets.ts";

export const BTC: StreamId = "BTCUSDT";
export const ETH: StreamId = "ETHUSDT";
export const firstEpoch: Epoch = epoch(1);

/** Two markets and the wallets, before the first command. */
export function emptyState(): TradingState {
  const market = (name: StreamId): StreamState => ({
    machine: new Market(OrderBook.empty(symbolNamed(name))),
    pending: new PendingCommands(0),
    lastPrice: null,
  });
  const wallets: StreamState = {
    machine: new Wallets(0, { accountIds: [], apiKeys: [] }),
    pending: new PendingCommands(0),
    lastPrice: null,
  };
  return new TradingState(
    new Map([
      [BTC, market(BTC)],
      [ETH, market(ETH)],
      [WALLET_STREAM, wallets],
    ]),
  );
}

/** What an intent is decided on, as the sequencer hands it over. */
export const heldIn = (state: TradingState, changes: Partial<Held> = {}): Held => ({
  epoch: firstEpoch,
  gate: "open",
  now: 1_000,
  lastSeq: (stream) => state.lastSeq(stream),
  market: (stream) => state.market(stream)?.book.symbol,
  available: (accountId, asset) => state.ledger.available(accountId, asset),
  liveOrder: (stream, orderId) => state.orders.byId(stream, orderId),
  liveOrderByClientId: (accountId, clientOrderId) => state.orders.byClientId(accountId, clientOrderId),
  liveOrders: (accountId, stream) => state.orders.count(accountId, stream),
  lastPrice: (stream) => state.streams.get(stream)?.lastPrice ?? null,
  firstResult: (intent) => state.firstResult(intent),
  ...changes,
});

/** A trading state with the hands of an engine: decides, sequences and applies when it is told to. */
export class Trading {
  readonly state: TradingState;
  readonly applied: AppliedCommand[] = [];
  #now: number;
  #deposits = 0;

  /** @param now its clock: each intent comes one millisecond after the one before */
  constructor(state: TradingState = emptyState(), now = 1_000) {
    this.state = state;
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  decide(intent: Intent, changes: Partial<Held> = {}): Decision {
    return decide(intent, heldIn(this.state, { now: this.#now, ...changes }));
  }

  /** Decides the intent, and gives it its place. @returns undefined when it is refused, or a repetition */
  sequence(intent: Intent): AcceptedCommand | undefined {
    this.#now += 1;
    const decision = this.decide(intent);
    if (decision.kind === "refused" || decision.repeated) return undefined;
    this.state.sequenced(decision.command);
    return decision.command;
  }

  /** Applies the next command of the stream. */
  applyNext(stream: StreamId): AppliedCommand {
    const { accepted, applied } = this.state.applyNext(stream);
    const command = { accepted, applied, outcome: JSON.stringify(applied.outcome), at: performance.now() };
    this.applied.push(command);
    return command;
  }

  /** Applies everything that is sequenced, the earliest accepted first. */
  applyAll(): void {
    for (;;) {
      const [first] = [...this.state.streams]
        .filter(([, { pending }]) => pending.next)
        .sort(([, a], [, b]) => (a.pending.next?.acceptedAt ?? 0) - (b.pending.next?.acceptedAt ?? 0));
      if (!first) return;
      this.applyNext(first[0]);
    }
  }

  /** Gives the intent its place and applies everything. @throws Error when it is refused */
  play(intent: Intent): AcceptedCommand {
    const accepted = this.sequence(intent);
    if (!accepted) throw new Error(`refused: ${JSON.stringify(this.decide(intent), withBigInts)}`);
    this.applyAll();
    return accepted;
  }

  fund(accountId: AccountId, asset: string, amount: bigint): void {
    this.#deposits += 1;
    this.play(intentOf(`fund-${this.#deposits}`, { kind: "deposit", asset, amount }, { accountId }));
  }

  lastSeq(stream: StreamId): Seq {
    return this.state.lastSeq(stream) ?? 0;
  }
}

/** An intent of account 1, in BTCUSDT unless it is for the wallets. */
export function intentOf(
  clientId: string,
  command: Intent["command"],
  changes: Partial<Omit<Intent, "clientId" | "command">> = {},
): Intent {
  const isWallet = command.kind === "deposit" || command.kind === "open-account";
  return { stream: isWallet ? WALLET_STREAM : BTC, accountId: 1, clientId, command, ...changes };
}

const withBigInts = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? `${value}` : value;
