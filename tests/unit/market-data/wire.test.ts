import { randomBytes } from "node:crypto";
import { issueListenKey } from "@castle/services/kernel/http/listen-key.ts";
import { readConnectUrl } from "@castle/services/market-data/wire/connect-url.ts";
import { readRequest } from "@castle/services/market-data/wire/request.ts";
import {
  depthTopics,
  streamNames,
  tradeTopics,
  userTopics,
} from "@castle/services/market-data/wire/stream-name.ts";
import { expect } from "chai";

describe("a stream's name", () => {
  const sealKey = randomBytes(32);
  const now = 1_700_000_000_000;
  const read = streamNames({ symbols: ["BTCUSDT", "ETHUSDT"], sealKey, now: () => now });

  it("leads to the topic under which the stream is published", () => {
    const published = [...tradeTopics("BTCUSDT"), ...depthTopics("BTCUSDT")];
    const names = ["btcusdt@trade", "btcusdt@depth", "btcusdt@depth@100ms"];
    expect(names.map((name) => read(name))).to.deep.equal(
      names.map((name, index) => ({ name, topic: published[index] })),
    );
  });

  it("may be a listen key, which leads to its account's stream", () => {
    const name = issueListenKey(sealKey, 42, now);
    expect(read(name)).to.deep.equal({ name, topic: userTopics(42)[0] });
  });

  for (const name of ["BTCUSDT@trade", "adausdt@trade", "btcusdt@kline_1m", "user 42", "", "x".repeat(5_000)])
    it(`is refused when there is no such stream: "${name.slice(0, 20)}"`, () => {
      expect(read(name)).to.have.property("unknown").that.is.a("string");
    });

  it("says which streams there are", () => {
    expect(read("btcusdt@ticker")).to.have.property("unknown").that.contains("ethusdt@depth@100ms");
  });

  it("is refused when the listen key has expired", () => {
    expect(read(issueListenKey(sealKey, 42, now - 60 * 60_000))).to.have.property("unknown");
  });
});

describe("the URL of a connection", () => {
  const cases: readonly (readonly [string, ReturnType<typeof readConnectUrl>])[] = [
    ["/ws", { combined: false, names: [] }],
    ["/ws/", { combined: false, names: [] }],
    ["/ws/btcusdt@trade", { combined: false, names: ["btcusdt@trade"] }],
    ["/ws/btcusdt@trade/ethusdt@depth", { combined: false, names: ["btcusdt@trade", "ethusdt@depth"] }],
    ["/ws/btcusdt%40trade", { combined: false, names: ["btcusdt@trade"] }],
    ["/stream", { combined: true, names: [] }],
    [
      "/stream?streams=btcusdt@trade/ethusdt@depth",
      { combined: true, names: ["btcusdt@trade", "ethusdt@depth"] },
    ],
    ["/stream/?streams=btcusdt%40trade", { combined: true, names: ["btcusdt@trade"] }],
    ["/ws/%E0%A4%A", { combined: false, names: ["%E0%A4%A"] }],
    ["/", null],
    ["//", null],
    ["/api/v3/depth", null],
    ["/stream/btcusdt@trade", null],
  ];
  for (const [url, expected] of cases)
    it(`${url} is ${expected === null ? "refused" : JSON.stringify(expected)}`, () => {
      expect(readConnectUrl(url)).to.deep.equal(expected);
    });
});

describe("a request over a connection", () => {
  it("is read", () => {
    for (const request of [
      { method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 1 },
      { method: "UNSUBSCRIBE", params: ["btcusdt@trade"], id: "abc" },
      { method: "LIST_SUBSCRIPTIONS", id: null },
    ])
      expect(readRequest(JSON.stringify(request))).to.deep.equal(request);
  });

  const refused: readonly (readonly [string, string, object])[] = [
    ["what is no JSON", "{", { code: 3 }],
    ["what is no object", "[1]", { code: 2 }],
    ["null", "null", { code: 2 }],
    ["one without a method", '{"id":1}', { code: 2, id: 1 }],
    ["a method that does not exist", '{"method":"PING","id":1}', { code: 2, id: 1 }],
    ["one without streams", '{"method":"SUBSCRIBE","id":1}', { code: 2, id: 1 }],
    ["an empty list of streams", '{"method":"SUBSCRIBE","params":[],"id":1}', { code: 2, id: 1 }],
    ["streams that are no text", '{"method":"SUBSCRIBE","params":[1],"id":1}', { code: 2, id: 1 }],
    ["an id with a fraction", '{"method":"LIST_SUBSCRIPTIONS","id":1.5}', { code: 2 }],
    ["an id that is too long", `{"method":"LIST_SUBSCRIPTIONS","id":"${"a".repeat(37)}"}`, { code: 2 }],
    ["an id that is an object", '{"method":"LIST_SUBSCRIPTIONS","id":{}}', { code: 2 }],
  ];
  for (const [what, text, problem] of refused)
    it(`is refused when it is ${what}`, () => {
      expect(readRequest(text))
        .to.include(problem)
        .and.to.have.property("msg")
        .that.matches(/^Invalid /);
    });
});
