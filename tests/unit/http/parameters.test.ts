import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { ApiError, apiError } from "@castle/services/kernel/http/errors.ts";
import { Parameters } from "@castle/services/kernel/http/parameters.ts";
import { expect } from "chai";

const read = (query: string, body = ""): Parameters => Parameters.read({ query, body });
const markets = [symbolNamed("BTCUSDT")];

const refusal = (act: () => unknown): [code: number, msg: string] => {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.msg];
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("the parameters of a request", () => {
  it("come from query string and body, decoded, the query string winning", () => {
    const parameters = read("symbol=BTC%55SDT&price=1", "price=2&newClientOrderId=a%2Bb+c");
    expect(parameters.text("symbol")).to.equal("BTCUSDT");
    expect(parameters.text("price")).to.equal("1");
    expect(parameters.text("newClientOrderId")).to.equal("a+b c");
  });

  it("are undefined when they are optional and absent", () => {
    const nothing = read("");
    expect(nothing.optionalText("a")).to.equal(undefined);
    expect(nothing.optionalInteger("a")).to.equal(undefined);
    expect(nothing.optionalAmount("a")).to.equal(undefined);
    expect(nothing.optionalBoolean("a")).to.equal(undefined);
    expect(nothing.optionalSymbol(markets)).to.equal(undefined);
    expect(nothing.limit(100, 5_000)).to.equal(100);
  });

  it("read decimals exactly, trailing zeros aside", () => {
    expect(read("price=0.1").amount("price")).to.equal(10_000_000n);
    expect(read("price=20000.12345678000").amount("price")).to.equal(2_000_012_345_678n);
  });

  it("cut a limit to the most that is given", () => {
    expect(read("limit=99999").limit(100, 5_000)).to.equal(5_000);
  });

  const side = () => read("side=HOLD").oneOf("side", ["BUY", "SELL"], apiError.invalidSide);
  const refused: readonly (readonly [string, () => unknown, number, RegExp])[] = [
    ["one that is sent twice", () => read("a=1&a=2"), -1101, /'a'/],
    ["a mandatory one that is missing", () => read("").text("price"), -1102, /'price'/],
    ["a mandatory one that is empty", () => read("price=").amount("price"), -1102, /'price'/],
    ["an optional one that is empty", () => read("price=").optionalAmount("price"), -1105, /'price'/],
    ["a decimal with a sign", () => read("price=-1").amount("price"), -1100, /'price'.*range/],
    ["a decimal with an exponent", () => read("price=1e3").amount("price"), -1100, /'price'/],
    ["a decimal with a comma", () => read("price=1,5").amount("price"), -1100, /'price'/],
    ["a ninth decimal", () => read("price=0.123456789").amount("price"), -1111, /'price'/],
    ["an integer with a fraction", () => read("orderId=1.5").integer("orderId"), -1100, /'orderId'/],
    [
      "an integer beyond what is exact",
      () => read("orderId=9007199254740993").integer("orderId"),
      -1130,
      /'orderId'/,
    ],
    ["a limit of zero", () => read("limit=0").limit(1, 2), -1130, /'limit'/],
    ["a word that is not one of the few", side, -1117, /side/],
    ["a client id with a space", () => read("id=a%20b").optionalClientId("id"), -1100, /'id'/],
    [
      "a client id of 37 characters",
      () => read(`id=${"a".repeat(37)}`).optionalClientId("id"),
      -1100,
      /'id'/,
    ],
    ["no symbol", () => read("").symbol(markets), -1102, /'symbol'/],
    ["a symbol the cell does not trade", () => read("symbol=ETHUSDT").symbol(markets), -1121, /symbol/],
    ["a boolean that is neither", () => read("omit=1").optionalBoolean("omit"), -1130, /'omit'/],
    ["one that does not belong here", () => read("startTime=1").refuse("startTime"), -1106, /'startTime'/],
  ];
  for (const [what, act, code, msg] of refused)
    it(`refuse ${what} with ${code}`, () => {
      const [given, words] = refusal(act);
      expect(given).to.equal(code);
      expect(words).to.match(msg);
    });
});
