import { auditFacts } from "@castle/lab/audit/audit-facts.ts";
import type {
  StandingBalance,
  StandingLedger,
  StandingOrder,
  StandingOutcome,
  StandingTrade,
} from "@castle/lab/audit/standing.ts";
import type { Intent } from "@castle/lab/traders/intent.ts";
import { fundsFor } from "@castle/lab/traders/mid-price.ts";
import { OrderFlow } from "@castle/lab/traders/order-flow.ts";
import type { RecordKind, RecordTypes } from "@castle/lab/traders/records.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { Posting } from "@castle/services/kernel/database/postings.ts";
import { notional, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import { type AcceptedCommand, type Command, WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import type { Order } from "@castle/services/matching-engine/book/order.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { balanceDeltas } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import type { StreamMachine } from "@castle/services/matching-engine/stream/applied.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { Wallets } from "@castle/services/matching-engine/stream/wallets.ts";
import { type Cells, Tellers } from "./tellers.ts";

export interface WorldOptions {
  readonly commands: number;
  readonly symbols?: readonly string[];
  readonly accounts?: number;
  readonly seed?: number;
}

interface Stream {
  readonly machine: StreamMachine;
  readonly commands: AcceptedCommand[];
  readonly outcomes: StandingOutcome[];
}

/**
 * A platform in memory on which all went well: the engine's own code applied a few hundred orders, and honest listeners
 * kept what they were told. Everything may be tampered with: what is left is an audit's work.
 */
export class World {
  readonly symbols: readonly string[];
  readonly streams = new Map<string, Stream>();
  readonly trades: StandingTrade[] = [];
  orders: StandingOrder[] = [];
  readonly postings: Posting[] = [];
  balances: { -readonly [Field in keyof StandingBalance]: StandingBalance[Field] }[] = [];
  readonly told: { readonly [Kind in RecordKind]: RecordTypes[Kind][] } = {
    acknowledgements: [],
    orders: [],
    fills: [],
    depthEvents: [],
    depthSnapshots: [],
    requests: [],
    resolutions: [],
    refusals: [],
  };
  handovers: { epoch: number; fencedAt: number }[] = [];
  /** How far each stream's `last_seq` is from its last command, and its progress from that. */
  lastSeqMoved = 0;
  appliedSeqMoved = 0;
  /** Where each order stands in `orders`. */
  readonly #places = new Map<string, number>();
  readonly #cells: Cells = { region: "eu-west-1", epoch: epoch(1), clock: 1_000_000 };

  constructor({ commands, symbols = ["BTCUSDT", "ETHUSDT"], accounts = 10, seed = 1 }: WorldOptions) {
    this.symbols = symbols;
    const books = symbols.map((name) => OrderBook.empty(symbolNamed(name)));
    this.streams.set(WALLET_STREAM, stream(new Wallets(0, { accountIds: [], apiKeys: [] })));
    for (const book of books) this.streams.set(book.symbol.name, stream(new Market(book)));
    this.#openAccounts(accounts);
    const tellers = new Tellers(this.told, books, this.#cells);
    const flow = new OrderFlow({ seed, symbols, traders: accounts, prefix: "w" });
    for (let left = commands; left > 0; ) {
      const intent = flow.next();
      if (intent.kind !== "place" && intent.kind !== "cancel") continue;
      left -= 1;
      this.#cells.clock += 2;
      const command = this.#command(intent);
      if (command)
        tellers.tell(intent, this.#accept(intent.symbol, intent.trader + 1, intent.clientOrderId, command));
    }
    tellers.finish();
    this.#settle();
  }

  stream(name: string): Stream {
    const found = this.streams.get(name);
    if (!found) throw new Error(`the world has no stream ${name}`);
    return found;
  }

  audit() {
    const told = async <Kind extends RecordKind>(kind: Kind): Promise<RecordTypes[Kind][]> => this.told[kind];
    return auditFacts({ ledger: this.#ledger(), told, symbols: this.symbols, handovers: this.handovers });
  }

  #ledger(): StandingLedger {
    return {
      streams: async () =>
        [...this.streams].map(([name, { commands }]) => {
          const lastSeq = (commands.at(-1)?.seq ?? 0) + this.lastSeqMoved;
          return { stream: name, commands, lastSeq, appliedSeq: lastSeq + this.appliedSeqMoved };
        }),
      outcomes: async (name) => this.stream(name).outcomes,
      trades: async (name) => this.trades.filter(({ symbol }) => symbol === name),
      orders: async (name) => this.orders.filter(({ symbol }) => symbol === name),
      postings: () => this.#postingsByCommand(),
      balances: async () => this.balances,
    };
  }

  async *#postingsByCommand() {
    const groups = Map.groupBy(this.postings, ({ stream, seq }) => `${stream} ${seq}`);
    for (const [first, ...rest] of groups.values())
      if (first)
        yield { stream: first.stream, seq: first.seq, legs: [first, ...rest].sort((a, b) => a.leg - b.leg) };
  }

  #openAccounts(count: number): void {
    for (let accountId = 1; accountId <= count; accountId++) {
      const account = { kind: "open-account", apiKey: `key ${accountId}`, sealedSecret: "sealed" } as const;
      this.#accept(WALLET_STREAM, accountId, `open ${accountId}`, account);
      for (const [asset, amount] of Object.entries(fundsFor(this.symbols)))
        this.#accept(WALLET_STREAM, accountId, asset, { kind: "deposit", asset, amount });
    }
  }

  #command(intent: Extract<Intent, { kind: "place" | "cancel" }>): Command | null {
    if (intent.kind === "cancel") {
      const { origClientOrderId, symbol } = intent;
      const placed = this.stream(symbol).commands.find(({ clientId }) => clientId === origClientOrderId);
      return placed ? { kind: "cancel", orderId: placed.seq, origClientOrderId } : null;
    }
    const { base, quote } = symbolNamed(intent.symbol);
    const { side, type } = intent;
    const price = amountOrNull(intent.price);
    const quantity = amountOrNull(intent.quantity);
    const quoteBudget =
      type === "MARKET" && side === "BUY" ? (amountOrNull(intent.quoteOrderQty) ?? 1_000n * 10n ** 8n) : null;
    const bought = quoteBudget ?? notional(price ?? 0n, quantity ?? 0n);
    const hold = side === "BUY" ? { asset: quote, amount: bought } : { asset: base, amount: quantity ?? 0n };
    const timeInForce = intent.timeInForce ?? (type === "MARKET" ? "IOC" : "GTC");
    return { kind: "place", side, type, timeInForce, price, quantity, quoteBudget, hold };
  }

  #accept(name: string, accountId: number, clientId: string, command: Command) {
    const { machine, commands, outcomes } = this.stream(name);
    const { clock: acceptedAt, epoch } = this.#cells;
    const seq = commands.length + 1;
    const accepted = { stream: name, seq, epoch, accountId, clientId, acceptedAt, command };
    commands.push(accepted);
    const applied = machine.apply(accepted);
    const { outcome } = applied;
    outcomes.push({ seq, body: JSON.stringify(outcome) });
    this.postings.push(...applied.postings);
    for (const trade of outcome.trades) this.trades.push({ symbol: name, seq, time: outcome.time, ...trade });
    for (const order of applied.orders) this.#keep(name, order);
    return outcome;
  }

  #keep(symbol: string, order: Order): void {
    const key = `${symbol} ${order.orderId}`;
    const at = this.#places.get(key) ?? this.orders.length;
    this.#places.set(key, at);
    this.orders[at] = rowOf(symbol, order);
  }

  #settle(): void {
    this.balances = balanceDeltas(this.postings).map((delta) => ({ ...delta }));
  }
}

const stream = (machine: StreamMachine): Stream => ({ machine, commands: [], outcomes: [] });

const amountOrNull = (text: string | null): bigint | null => (text === null ? null : parseAmount(text));

const rowOf = (symbol: string, order: Order): StandingOrder => ({
  symbol,
  orderId: order.orderId,
  accountId: order.accountId,
  clientOrderId: order.clientOrderId,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  price: `${order.price}`,
  origQty: `${order.quantity}`,
  executedQty: `${order.executed}`,
  cummulativeQuoteQty: `${order.executedQuote}`,
  holdAsset: order.holdAsset,
  holdLeft: `${order.holdLeft}`,
  status: order.status,
  time: order.time,
  updateTime: order.updateTime,
});
