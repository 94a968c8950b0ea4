import { epoch } from "@castle/regions/epoch.ts";
import type { AcceptedCommand, PlaceOrder } from "@castle/services/kernel/domain/command.ts";
import type { OrderReport, Outcome } from "@castle/services/kernel/domain/outcome.ts";
import type { OrderSnapshot } from "@castle/services/kernel/engine-line/messages.ts";
import { ApiError } from "@castle/services/kernel/http/errors.ts";
import {
  ackResponse,
  cancelResponse,
  orderView,
  resultResponse,
  snapshotState,
} from "@castle/services/order-gateway/queries/order-view.ts";
import { expect } from "chai";

const placed: AcceptedCommand<PlaceOrder> = {
  stream: "BTCUSDT",
  seq: 28,
  epoch: epoch(1),
  accountId: 7,
  clientId: "mine",
  acceptedAt: 1_507_725_176_595,
  command: {
    kind: "place",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    price: 2_000_000_000_000n,
    quantity: 30_000_000n,
    quoteBudget: null,
    hold: { asset: "USDT", amount: 600_000_000_000n },
  },
};

const report: OrderReport = {
  orderId: 28,
  accountId: 7,
  clientOrderId: "mine",
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "2000000000000",
  origQty: "30000000",
  executedQty: "0",
  cummulativeQuoteQty: "0",
  status: "NEW",
  execution: "NEW",
  lastQty: "0",
  lastPrice: "0",
  tradeId: null,
  isMaker: false,
  orderTime: placed.acceptedAt,
};

const outcome: Outcome = {
  stream: "BTCUSDT",
  seq: 28,
  epoch: epoch(1),
  accountId: 7,
  clientId: "mine",
  kind: "place",
  time: placed.acceptedAt,
  reports: [report],
  trades: [],
  levels: [],
  error: null,
};

/** The placed order took 0.1 from a resting order at 19990, and rests with the remainder. */
const partlyFilled: Outcome = {
  ...outcome,
  reports: [
    report,
    {
      ...report,
      orderId: 3,
      accountId: 8,
      side: "SELL",
      clientOrderId: "theirs",
      status: "FILLED",
      isMaker: true,
    },
    {
      ...report,
      execution: "TRADE",
      status: "PARTIALLY_FILLED",
      executedQty: "10000000",
      cummulativeQuoteQty: "199900000000",
    },
  ],
  trades: [
    {
      tradeId: 28_000,
      price: "1999000000000",
      quantity: "10000000",
      quoteQuantity: "199900000000",
      makerOrderId: 3,
      takerOrderId: 28,
      makerAccountId: 8,
      takerAccountId: 7,
      buyerIsMaker: false,
    },
  ],
};

const result = {
  symbol: "BTCUSDT",
  orderId: 28,
  orderListId: -1,
  clientOrderId: "mine",
  transactTime: 1_507_725_176_595,
  price: "20000.00000000",
  origQty: "0.30000000",
  executedQty: "0.10000000",
  cummulativeQuoteQty: "1999.00000000",
  status: "PARTIALLY_FILLED",
  timeInForce: "GTC",
  type: "LIMIT",
  side: "BUY",
  origQuoteOrderQty: "0.00000000",
  workingTime: 1_507_725_176_595,
  selfTradePreventionMode: "NONE",
};

describe("an order in Binance's words", () => {
  it("is acknowledged with its place and its client id", () => {
    expect(ackResponse(placed)).to.deep.equal({
      symbol: "BTCUSDT",
      orderId: 28,
      orderListId: -1,
      clientOrderId: "mine",
      transactTime: 1_507_725_176_595,
    });
  });

  it("shows as RESULT what matching left of it, not what its makers are", () => {
    expect(resultResponse(partlyFilled, "RESULT")).to.deep.equal(result);
  });

  it("shows as FULL each fill too; a buyer's commission would be in the base asset", () => {
    const fills = [
      {
        price: "19990.00000000",
        qty: "0.10000000",
        commission: "0.00000000",
        commissionAsset: "BTC",
        tradeId: 28_000,
      },
    ];
    expect(resultResponse(partlyFilled, "FULL")).to.deep.equal({ ...result, fills });
  });

  it("repeats the budget of a market order", () => {
    expect(resultResponse(outcome, "RESULT", 10_000_000_000n).origQuoteOrderQty).to.equal("100.00000000");
  });

  it("shows a cancel under the cancel's own id", () => {
    const canceled: Outcome = {
      ...outcome,
      seq: 30,
      kind: "cancel",
      clientId: "the-cancel",
      time: 1_507_725_177_000,
      reports: [{ ...report, status: "CANCELED", execution: "CANCELED" }],
    };
    expect(cancelResponse(canceled)).to.deep.equal({
      symbol: "BTCUSDT",
      origClientOrderId: "mine",
      orderId: 28,
      orderListId: -1,
      clientOrderId: "the-cancel",
      transactTime: 1_507_725_177_000,
      price: "20000.00000000",
      origQty: "0.30000000",
      executedQty: "0.00000000",
      cummulativeQuoteQty: "0.00000000",
      status: "CANCELED",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "BUY",
      origQuoteOrderQty: "0.00000000",
      selfTradePreventionMode: "NONE",
    });
  });

  it("shows what the engine holds of it, amounts as decimals", () => {
    const held: OrderSnapshot = {
      ...{ symbol: "BTCUSDT", orderId: 28, clientOrderId: "mine", side: "BUY", type: "LIMIT" },
      ...{ timeInForce: "GTC", price: "2000000000000", origQty: "30000000", executedQty: "10000000" },
      ...{ cummulativeQuoteQty: "199900000000", status: "PARTIALLY_FILLED", quoteBudget: null },
      ...{ time: 1_507_725_176_595, updateTime: 1_507_725_176_600 },
    };
    expect(orderView(snapshotState(held))).to.deep.equal({
      symbol: "BTCUSDT",
      orderId: 28,
      orderListId: -1,
      clientOrderId: "mine",
      price: "20000.00000000",
      origQty: "0.30000000",
      executedQty: "0.10000000",
      cummulativeQuoteQty: "1999.00000000",
      status: "PARTIALLY_FILLED",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "BUY",
      stopPrice: "0.00000000",
      icebergQty: "0.00000000",
      time: 1_507_725_176_595,
      updateTime: 1_507_725_176_600,
      isWorking: true,
      workingTime: 1_507_725_176_595,
      origQuoteOrderQty: "0.00000000",
      selfTradePreventionMode: "NONE",
    });
  });

  it("shows the budget of a market buy by quote quantity, which the engine knows as well", () => {
    const held: OrderSnapshot = {
      ...{ symbol: "BTCUSDT", orderId: 28, clientOrderId: "mine", side: "BUY", type: "MARKET" },
      ...{ timeInForce: "IOC", price: "0", origQty: "30000000", executedQty: "30000000" },
      ...{ cummulativeQuoteQty: "599700000000", status: "FILLED", quoteBudget: "600000000000" },
      ...{ time: 1, updateTime: 1 },
    };
    expect(orderView(snapshotState(held)).origQuoteOrderQty).to.equal("6000.00000000");
  });

  it("is the engine's refusal where there is one", () => {
    const refused = (code: number): Outcome => ({ ...outcome, error: { code, msg: "of the engine" } });
    for (const act of [() => resultResponse(refused(-2010), "FULL"), () => cancelResponse(refused(-2011))])
      expect(act).to.throw(ApiError, "of the engine").that.includes({ status: 400 });
  });

  it("is never made up from an outcome that does not report on it", () => {
    expect(() => resultResponse({ ...outcome, reports: [] }, "RESULT")).to.throw("reports nothing");
    expect(() => cancelResponse({ ...outcome, kind: "cancel" })).to.throw("reports nothing");
  });
});
