import type { CommandIntent } from "@castle/lab/traders/intent.ts";
import type { RecordKind, RecordTypes, ToldOrder } from "@castle/lab/traders/records.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { formatAmount } from "@castle/services/kernel/domain/amount.ts";
import type { OrderReport, Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { DepthBatch } from "@castle/services/market-data/events/depth-batch.ts";
import type { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";

/** Who answers, and when. */
export interface Cells {
  readonly region: string;
  readonly epoch: Epoch;
  clock: number;
}

const COMMANDS_A_DEPTH_EVENT = 3;
const COMMANDS_A_SNAPSHOT = 20;

/** Tells traders what happens, as gateways and market data do, and writes it down as the traders would. */
export class Tellers {
  readonly #told: { readonly [Kind in RecordKind]: RecordTypes[Kind][] };
  readonly #cells: Cells;
  readonly #books: ReadonlyMap<string, OrderBook>;
  readonly #batches: ReadonlyMap<string, DepthBatch>;
  #commands = 0;

  constructor(
    told: { readonly [Kind in RecordKind]: RecordTypes[Kind][] },
    books: readonly OrderBook[],
    cells: Cells,
  ) {
    this.#told = told;
    this.#cells = cells;
    this.#books = new Map(books.map((book) => [book.symbol.name, book]));
    this.#batches = new Map(books.map(({ symbol }) => [symbol.name, new DepthBatch(symbol.name, 0)]));
  }

  tell(intent: CommandIntent, outcome: Outcome): void {
    this.#answer(intent, outcome);
    this.#stream(outcome);
    this.#batches.get(outcome.stream)?.add(outcome);
    this.#commands += 1;
    if (this.#commands % COMMANDS_A_DEPTH_EVENT === 0) this.finish();
    if (this.#commands % COMMANDS_A_SNAPSHOT === 0) this.#snapshot(outcome.stream);
  }

  /** What is left of the depth. */
  finish(): void {
    let connection = 0;
    for (const batch of this.#batches.values()) {
      connection += 1;
      const update = batch.take(this.#cells.clock);
      if (!update) continue;
      const { s: symbol, U, u, b, a } = update;
      this.#told.depthEvents.push({ t: this.#cells.clock, symbol, connection, U, u, b, a });
    }
  }

  #answer(intent: CommandIntent, outcome: Outcome): void {
    const { accountId, error, reports, trades, seq, stream: symbol } = outcome;
    const told = { t: this.#cells.clock + 1, region: this.#cells.region, epoch: this.#cells.epoch };
    const { kind, clientOrderId } = intent;
    if (error && (kind === "cancel" || intent.answer !== "ACK")) {
      this.#told.refusals.push({ ...told, accountId, clientOrderId, symbol, kind, code: error.code });
      return;
    }
    const last = reports.findLast((report) => kind === "cancel" || report.orderId === seq);
    const orderId = kind === "cancel" ? (last?.orderId ?? null) : seq;
    this.#told.acknowledgements.push({
      ...told,
      accountId,
      clientOrderId,
      symbol,
      kind,
      orderId,
      by: "answer",
    });
    if (last && (kind === "cancel" || intent.answer !== "ACK"))
      this.#told.orders.push({ ...told, source: "answer", ...orderTold(last) });
    if (kind === "place" && intent.answer === "FULL")
      for (const trade of trades)
        this.#told.fills.push({
          ...{ ...told, source: "answer", symbol, tradeId: trade.tradeId, accountId, orderId: seq },
          price: formatAmount(BigInt(trade.price)),
          quantity: formatAmount(BigInt(trade.quantity)),
          isMaker: false,
          buyerIsMaker: trade.buyerIsMaker,
        });
  }

  #stream({ stream: symbol, reports, trades }: Outcome): void {
    const told = { t: this.#cells.clock + 1, region: null, epoch: null };
    for (const trade of trades)
      this.#told.fills.push({
        ...{ ...told, source: "trade", symbol, tradeId: trade.tradeId },
        ...{ accountId: null, orderId: null, isMaker: null },
        price: formatAmount(BigInt(trade.price)),
        quantity: formatAmount(BigInt(trade.quantity)),
        buyerIsMaker: trade.buyerIsMaker,
      });
    for (const report of reports) {
      this.#told.orders.push({ ...told, source: "report", ...orderTold(report) });
      if (report.tradeId === null) continue;
      this.#told.fills.push({
        ...{ ...told, source: "report", symbol, tradeId: report.tradeId },
        ...{ accountId: report.accountId, orderId: report.orderId, isMaker: report.isMaker },
        price: formatAmount(BigInt(report.lastPrice)),
        quantity: formatAmount(BigInt(report.lastQty)),
        buyerIsMaker: report.isMaker === (report.side === "BUY"),
      });
    }
  }

  #snapshot(symbol: string): void {
    const book = this.#books.get(symbol);
    if (!book) return;
    const side = (of: "BUY" | "SELL") =>
      [...book.levelsOf(of)].map(
        ({ price, quantity }) => [formatAmount(price), formatAmount(quantity)] as const,
      );
    const { clock: t, region, epoch } = this.#cells;
    const lastUpdateId = book.appliedSeq;
    const [bids, asks] = [side("BUY"), side("SELL")];
    this.#told.depthSnapshots.push({ t, region, epoch, symbol, limit: 1_000, lastUpdateId, bids, asks });
  }
}

const orderTold = (report: OrderReport): Omit<ToldOrder, "t" | "region" | "epoch" | "source"> => ({
  accountId: report.accountId,
  symbol: report.symbol,
  orderId: report.orderId,
  clientOrderId: report.clientOrderId,
  status: report.status,
  side: report.side,
  price: formatAmount(BigInt(report.price)),
  origQty: formatAmount(BigInt(report.origQty)),
  executedQty: formatAmount(BigInt(report.executedQty)),
  cummulativeQuoteQty: formatAmount(BigInt(report.cummulativeQuoteQty)),
});
