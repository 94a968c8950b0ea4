import { ApiError } from "@castle/services/kernel/http/errors.ts";
import { Parameters } from "@castle/services/kernel/http/parameters.ts";
import {
  type ReceivedText,
  requireFresh,
  requireSignature,
  signature,
  signQuery,
} from "@castle/services/kernel/http/signature.ts";
import { expect } from "chai";

/** The example of Binance's documentation ("SIGNED Endpoint Examples", HMAC): key, parameters and signature. */
const documented = {
  secret: "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
  text: "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
  signature: "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
};
const { secret, text } = documented;
const good = `signature=${documented.signature}`;

const codeOf = (act: () => void): number | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
};

describe("the signature of a request", () => {
  it("is the one Binance documents for its example", () => {
    expect(signature(secret, text)).to.equal(documented.signature);
  });

  const accepted: readonly (readonly [string, ReceivedText])[] = [
    ["in the query string", { query: `${text}&${good}`, body: "" }],
    ["in the body", { query: "", body: `${text}&${good}` }],
    ["in upper case", { query: `${text}&${good.toUpperCase().replace("SIGNATURE", "signature")}`, body: "" }],
    ["before the parameters", { query: `${good}&${text}`, body: "" }],
    [
      "over query string and body, with nothing between them",
      {
        query: "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC",
        body: `quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559&signature=${signature(secret, text.replace("GTC&", "GTC"))}`,
      },
    ],
    [
      "over the bytes as they came, however encoded",
      { query: `a=%7e%20+b&signature=${signature(secret, "a=%7e%20+b")}`, body: "" },
    ],
  ];
  for (const [where, received] of accepted)
    it(`is accepted ${where}`, () => requireSignature(received, secret));

  const refused: readonly (readonly [string, number, ReceivedText])[] = [
    ["none", -1102, { query: text, body: "" }],
    ["an empty one", -1102, { query: `${text}&signature=`, body: "" }],
    ["two", -1101, { query: `${text}&${good}`, body: good }],
    ["one of another length", -1022, { query: `${text}&signature=c8db`, body: "" }],
    ["one that is not hex", -1022, { query: `${text}&signature=${"z".repeat(64)}`, body: "" }],
    ["one of other parameters", -1022, { query: `${text.replace("0.1", "0.2")}&${good}`, body: "" }],
    [
      "one of the same parameters in another order",
      -1022,
      { query: `side=BUY&symbol=LTCBTC&${good}`, body: "" },
    ],
    ["one that leaves the body out", -1022, { query: `${text}&${good}`, body: "quantity=9" }],
  ];
  for (const [what, code, received] of refused)
    it(`refuses ${what} with ${code}`, () => {
      expect(codeOf(() => requireSignature(received, secret))).to.equal(code);
    });

  it("refuses one made with another secret", () => {
    const query = signQuery("another", new URLSearchParams(text));
    expect(codeOf(() => requireSignature({ query, body: "" }, secret))).to.equal(-1022);
  });

  it("is what signQuery adds, also to parameters that need encoding, or none", () => {
    for (const parameters of [{ newClientOrderId: "a b&c=ü" }, {}])
      requireSignature({ query: signQuery(secret, new URLSearchParams(parameters)), body: "" }, secret);
  });
});

describe("the timing rule", () => {
  const now = 1_700_000_000_000;
  const cases: readonly (readonly [string, string, number | null])[] = [
    ["a request of this moment", `timestamp=${now}`, null],
    ["one 999 ms ahead", `timestamp=${now + 999}`, null],
    ["one 1000 ms ahead", `timestamp=${now + 1_000}`, -1021],
    ["one as old as the standard window", `timestamp=${now - 5_000}`, null],
    ["one older than that", `timestamp=${now - 5_001}`, -1021],
    ["one within its own longer window", `timestamp=${now - 59_000}&recvWindow=60000`, null],
    ["one beyond its own shorter window", `timestamp=${now - 11}&recvWindow=10`, -1021],
    ["one within a window with decimals", `timestamp=${now - 10}&recvWindow=10.123`, null],
    ["a window of more than 60 s", `timestamp=${now}&recvWindow=60001`, -1102],
    ["a window that is no number", `timestamp=${now}&recvWindow=-1`, -1100],
    ["no timestamp", "recvWindow=5000", -1102],
    ["a timestamp that is no number", "timestamp=yesterday", -1100],
  ];
  for (const [what, query, code] of cases)
    it(`${code === null ? "lets" : "refuses"} ${what}${code === null ? " pass" : ` with ${code}`}`, () => {
      expect(codeOf(() => requireFresh(Parameters.read({ query, body: "" }), now))).to.equal(code);
    });
});
