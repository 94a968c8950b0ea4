import {
  readEvent,
  reportedFill,
  reportedOrder,
  toldDepth,
  toldTrade,
} from "@castle/lab/traders/listeners/events.ts";
import type { Reply } from "@castle/lab/traders/reply.ts";
import { readDepth, readOrder, UnreadableAnswer } from "@castle/lab/traders/told.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { OrderReport, Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { DepthBatch } from "@castle/services/market-data/events/depth-batch.ts";
import { executionReport } from "@castle/services/market-data/events/execution-report.ts";
import { tradeEvent } from "@castle/services/market-data/events/trade-event.ts";
import { cancelResponse, resultResponse } from "@castle/services/order-gateway/queries/order-view.ts";
import { expect } from "chai";

const trade = {
  tradeId: 9_000,
  price: "100000000",
  quantity: "200000000",
  quoteQuantity: "200000000",
  makerOrderId: 3,
  takerOrderId: 9,
  makerAccountId: 4,
  takerAccountId: 5,
  buyerIsMaker: false,
};

const report: OrderReport = {
  orderId: 9,
  accountId: 5,
  clientOrderId: "mine",
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "100000000",
  origQty: "300000000",
  executedQty: "200000000",
  cummulativeQuoteQty: "200000000",
  status: "PARTIALLY_FILLED",
  execution: "TRADE",
  lastQty: "200000000",
  lastPrice: "100000000",
  tradeId: 9_000,
  isMaker: false,
  orderTime: 1,
};

const outcome: Outcome = {
  stream: "BTCUSDT",
  seq: 9,
  epoch: epoch(2),
  accountId: 5,
  clientId: "mine",
  kind: "place",
  time: 1,
  reports: [report],
  trades: [trade],
  levels: [{ side: "BUY", price: "100000000", quantity: "100000000" }],
  error: null,
};

const reply = (body: object): Reply => ({
  status: 200,
  body: JSON.stringify(body),
  region: "eu-west-1",
  epoch: 2,
});
const asked = { t: 7, accountId: 5, source: "answer" } as const;

describe("what a trader reads in the gateway's answers", () => {
  it("is an order's state and its fills, from FULL", () => {
    const { orderId, order, fills } = readOrder(reply(resultResponse(outcome, "FULL")), asked);
    expect(orderId).to.equal(9);
    expect(order).to.include({
      clientOrderId: "mine",
      status: "PARTIALLY_FILLED",
      executedQty: "2.00000000",
      epoch: 2,
    });
    expect(fills).to.have.length(1);
    expect(fills[0]).to.include({ tradeId: 9_000, price: "1.00000000", quantity: "2.00000000", orderId: 9 });
    expect(fills[0]).to.include({ isMaker: false, buyerIsMaker: false });
  });

  it("is the id alone, from ACK", () => {
    const ack = { symbol: "BTCUSDT", orderId: 9, clientOrderId: "mine", transactTime: 1 };
    expect(readOrder(reply(ack), asked)).to.deep.equal({ orderId: 9, order: null, fills: [] });
  });

  it("is the order's own client id, not the cancel's, from a cancel", () => {
    const canceled = { ...report, execution: "CANCELED", status: "CANCELED" } as const;
    const body = cancelResponse({ ...outcome, kind: "cancel", clientId: "the cancel", reports: [canceled] });
    expect(readOrder(reply(body), asked).order).to.include({ clientOrderId: "mine", status: "CANCELED" });
  });

  it("must be what the API promises", () => {
    expect(() => readOrder(reply({ hello: 1 }), asked)).to.throw(
      UnreadableAnswer,
      /something else than promised/,
    );
    expect(() => readDepth(reply({ bids: [] }), { t: 1, symbol: "BTCUSDT", limit: 5 })).to.throw(
      UnreadableAnswer,
    );
  });
});

describe("what a trader reads in market data's events", () => {
  const event = (message: object) => readEvent(JSON.stringify(message));

  it("is a trade", () => {
    const read = event(tradeEvent(outcome, trade, 1));
    if (read.e !== "trade") throw new Error(`read as ${read.e}`);
    expect(toldTrade(read, 7)).to.include({ tradeId: 9_000, price: "1.00000000", quantity: "2.00000000" });
    expect(toldTrade(read, 7)).to.include({ buyerIsMaker: false, orderId: null });
  });

  it("is an order's state and its fill", () => {
    const read = event(executionReport(outcome, report, 1));
    if (read.e !== "executionReport") throw new Error(`read as ${read.e}`);
    expect(reportedOrder(read, 7, 5)).to.include({
      orderId: 9,
      clientOrderId: "mine",
      executedQty: "2.00000000",
    });
    expect(reportedFill(read, 7, 5)).to.include({ tradeId: 9_000, isMaker: false, buyerIsMaker: false });
  });

  it("is the order's own client id on a cancel, and no fill", () => {
    const canceled = { ...report, execution: "CANCELED", status: "CANCELED", tradeId: null } as const;
    const read = event(executionReport({ ...outcome, clientId: "the cancel" }, canceled, 1));
    if (read.e !== "executionReport") throw new Error(`read as ${read.e}`);
    expect(reportedOrder(read, 7, 5)).to.include({ clientOrderId: "mine", status: "CANCELED" });
    expect(reportedFill(read, 7, 5)).to.equal(null);
  });

  it("is a depth update, with the connection it came on", () => {
    const batch = new DepthBatch("BTCUSDT", 8);
    batch.add(outcome);
    const read = event(batch.take(1) ?? {});
    if (read.e !== "depthUpdate") throw new Error(`read as ${read.e}`);
    expect(toldDepth(read, 7, 3)).to.deep.equal({
      t: 7,
      symbol: "BTCUSDT",
      connection: 3,
      U: 9,
      u: 9,
      b: [["1.00000000", "1.00000000"]],
      a: [],
    });
  });

  it("must be one they know", () => {
    expect(() => readEvent('{"e":"kline"}')).to.throw(/"kline" is not an event/);
    expect(() => readEvent("hello")).to.throw();
  });
});
