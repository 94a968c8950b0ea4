import type { OrderReport, Trade } from "@castle/services/kernel/domain/outcome.ts";
import { executionReport } from "@castle/services/market-data/events/execution-report.ts";
import { tradeEvent } from "@castle/services/market-data/events/trade-event.ts";
import { expect } from "chai";
import { outcomeOf } from "./support/outcomes.ts";

const report: OrderReport = {
  orderId: 28,
  accountId: 7,
  clientOrderId: "mine",
  symbol: "BTCUSDT",
  side: "SELL",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "2000000000000",
  origQty: "30000000",
  executedQty: "10000000",
  cummulativeQuoteQty: "199900000000",
  status: "PARTIALLY_FILLED",
  execution: "TRADE",
  lastQty: "10000000",
  lastPrice: "1999000000000",
  tradeId: 28_001,
  isMaker: true,
  orderTime: 1_600_000_000_000,
};

describe("an execution report", () => {
  it("tells a fill in Binance's fields", () => {
    expect(executionReport(outcomeOf(30), report, 5)).to.deep.equal({
      e: "executionReport",
      E: 5,
      s: "BTCUSDT",
      c: "mine",
      S: "SELL",
      o: "LIMIT",
      f: "GTC",
      q: "0.30000000",
      p: "20000.00000000",
      P: "0.00000000",
      F: "0.00000000",
      g: -1,
      C: "",
      x: "TRADE",
      X: "PARTIALLY_FILLED",
      r: "NONE",
      i: 28,
      l: "0.10000000",
      z: "0.10000000",
      L: "19990.00000000",
      n: "0",
      N: null,
      T: 1_700_000_000_030,
      t: 28_001,
      I: 30,
      w: true,
      m: true,
      M: false,
      O: 1_600_000_000_000,
      Z: "1999.00000000",
      Y: "1999.00000000",
      Q: "0.00000000",
      W: 1_600_000_000_000,
      V: "NONE",
    });
  });

  it("has no trade id where there was no trade", () => {
    const fresh: OrderReport = { ...report, execution: "NEW", status: "NEW", tradeId: null };
    expect(executionReport(outcomeOf(28), fresh, 0)).to.include({ t: -1, w: true, x: "NEW" });
  });

  it("names a cancel by its own id, and the order in C", () => {
    const canceled: OrderReport = { ...report, execution: "CANCELED", status: "CANCELED", tradeId: null };
    const cancel = outcomeOf(30, { kind: "cancel", clientId: "the-cancel" });
    expect(executionReport(cancel, canceled, 0)).to.include({ c: "the-cancel", C: "mine", w: false });
  });

  it("says why an order was rejected, which never worked", () => {
    const rejected: OrderReport = {
      ...report,
      type: "LIMIT_MAKER",
      execution: "REJECTED",
      status: "REJECTED",
    };
    const event = executionReport(outcomeOf(28), rejected, 0);
    expect(event).to.include({ r: "WOULD_MATCH_IMMEDIATELY", w: false });
    expect(event).not.to.have.property("W");
  });

  const expired: OrderReport = { ...report, execution: "EXPIRED", status: "EXPIRED", tradeId: null };
  for (const [order, reason] of [
    [{ type: "LIMIT", timeInForce: "IOC" }, "UNFILLED_IOC_QUANTITY_EXPIRED"],
    [{ type: "LIMIT", timeInForce: "FOK" }, "UNFILLED_FOK_ORDER_EXPIRED"],
    [{ type: "MARKET", timeInForce: "GTC" }, "INSUFFICIENT_LIQUIDITY"],
  ] as const)
    it(`says that a ${order.type} ${order.timeInForce} order expired of ${reason}`, () => {
      expect(executionReport(outcomeOf(28), { ...expired, ...order }, 0)).to.include({ eR: reason });
    });
});

describe("a trade event", () => {
  it("tells a trade in Binance's fields, at the time of its command", () => {
    const trade: Trade = {
      tradeId: 28_001,
      price: "1999000000000",
      quantity: "10000000",
      quoteQuantity: "199900000000",
      makerOrderId: 3,
      takerOrderId: 28,
      makerAccountId: 8,
      takerAccountId: 7,
      buyerIsMaker: true,
    };
    expect(tradeEvent(outcomeOf(28), trade, 5)).to.deep.equal({
      e: "trade",
      E: 5,
      s: "BTCUSDT",
      t: 28_001,
      p: "19990.00000000",
      q: "0.10000000",
      T: 1_700_000_000_028,
      m: true,
      M: true,
    });
  });
});
