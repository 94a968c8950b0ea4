import { symbols } from "@castle/services/kernel/domain/symbols.ts";
import { ApiError } from "@castle/services/kernel/http/errors.ts";
import { Parameters } from "@castle/services/kernel/http/parameters.ts";
import { parseOrder, toPlaceOrder } from "@castle/services/order-gateway/orders/parse-order.ts";
import { expect } from "chai";

const limit = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.001",
  price: "20000.01",
};
const market = { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.001" };

type Fields = Record<string, string | undefined>;

const parse = (fields: Fields) => {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return parseOrder(Parameters.read({ query: new URLSearchParams(given).toString(), body: "" }), symbols);
};

const code = (fields: Fields): unknown => {
  try {
    parse(fields);
    return "accepted";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.code === -1013 ? error.msg : error.code;
  }
};

describe("an order's parameters", () => {
  const cases: readonly (readonly [string, Fields, unknown])[] = [
    ["a limit order", limit, "accepted"],
    ["an unknown symbol", { ...limit, symbol: "DOGEUSDT" }, -1121],
    ["no symbol", { ...limit, symbol: undefined }, -1102],
    ["a side that is none", { ...limit, side: "HOLD" }, -1117],
    ["a type that is none", { ...limit, type: "STOP" }, -1116],
    ["a time in force that is none", { ...limit, timeInForce: "GTX" }, -1115],
    ["a price off the tick", { ...limit, price: "20000.001" }, "Filter failure: PRICE_FILTER"],
    ["a price of nothing", { ...limit, price: "0" }, "Filter failure: PRICE_FILTER"],
    ["a price beyond the highest", { ...limit, price: "1000000.01" }, "Filter failure: PRICE_FILTER"],
    ["a quantity off the step", { ...limit, quantity: "0.000001" }, "Filter failure: LOT_SIZE"],
    ["a quantity beyond the most", { ...limit, quantity: "9000.1" }, "Filter failure: LOT_SIZE"],
    ["too little money", { ...limit, quantity: "0.0001", price: "10.00" }, "Filter failure: NOTIONAL"],
    ["more decimals than money has", { ...limit, price: "1.0000000001" }, -1111],
    ["a price with an exponent", { ...limit, price: "2e4" }, -1100],
    ["a negative price", { ...limit, price: "-1" }, -1100],
    ["a client order id with a blank", { ...limit, newClientOrderId: "a b" }, -1100],
    ["a response type that is none", { ...limit, newOrderRespType: "LOUD" }, -1130],
    ["a market order by quantity", market, "accepted"],
    ["a market buy by quote quantity", { ...market, quantity: undefined, quoteOrderQty: "50" }, "accepted"],
    ["a market order by both", { ...market, quoteOrderQty: "50" }, -1106],
    [
      "a market sell by quote quantity",
      { ...market, side: "SELL", quantity: undefined, quoteOrderQty: "50" },
      -1106,
    ],
    ["a market order with a price", { ...market, price: "1" }, -1106],
    ["a market order of nothing", { ...market, quantity: undefined }, -1102],
    ["a maker order", { ...limit, type: "LIMIT_MAKER", timeInForce: undefined }, "accepted"],
  ];
  for (const [what, fields, wanted] of cases)
    it(`${wanted === "accepted" ? "take" : "refuse"} ${what}`, () => expect(code(fields)).to.equal(wanted));

  it("make the order that is asked for, and the hold it may cost", () => {
    expect(toPlaceOrder(parse(limit))).to.deep.include({
      price: 20_000_01000000n,
      quantity: 100_000n,
      hold: { asset: "USDT", amount: 20_00001000n },
    });
    expect(toPlaceOrder(parse({ ...limit, side: "SELL" })).hold).to.deep.equal({
      asset: "BTC",
      amount: 100_000n,
    });
  });

  it("hold what a market buy by quote quantity spends; what one by quantity may spend, the engine knows", () => {
    const byQuote = parse({ ...market, quantity: undefined, quoteOrderQty: "50" });
    expect(toPlaceOrder(byQuote)).to.deep.include({
      ...{ quantity: null, quoteBudget: 50_00000000n, hold: { asset: "USDT", amount: 50_00000000n } },
    });
    expect(toPlaceOrder(parse(market))).to.deep.include({
      ...{ quantity: 100_000n, quoteBudget: null, hold: { asset: "USDT", amount: 0n } },
    });
    expect(toPlaceOrder(parse({ ...market, side: "SELL" })).hold).to.deep.equal({
      ...{ asset: "BTC", amount: 100_000n },
    });
  });
});
