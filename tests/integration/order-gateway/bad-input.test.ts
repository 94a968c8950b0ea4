import { once } from "node:events";
import { createConnection } from "node:net";
import { signQuery } from "@castle/services/kernel/http/signature.ts";
import { expect } from "chai";
import { type Answer, freePort, type Gateway, TestCell, trader, until } from "./support/cell.ts";
import { limitOrder } from "./support/orders.ts";

interface Sent {
  readonly method?: string;
  readonly query?: string;
  readonly body?: string;
  readonly type?: string;
  readonly apiKey?: string | null;
  /** Idempotency-Key */
  readonly key?: string;
}

describe("bad input at the gateway", () => {
  let cell: TestCell;
  let gateway: Gateway;

  const send = async (path: string, sent: Sent = {}): Promise<Answer> => {
    const {
      method = "POST",
      query = "",
      body,
      type = "application/x-www-form-urlencoded",
      apiKey = trader.apiKey,
    } = sent;
    const response = await fetch(`${gateway.api}${path}${query === "" ? "" : `?${query}`}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...(apiKey === null ? {} : { "X-MBX-APIKEY": apiKey }),
        ...(body === undefined ? {} : { "Content-Type": type }),
        ...(sent.key === undefined ? {} : { "Idempotency-Key": sent.key }),
      },
    });
    return {
      status: response.status,
      body: (await response.json()) as Answer["body"],
      headers: response.headers,
    };
  };
  const signed = (changes: Record<string, string> = {}): string =>
    signQuery(
      trader.secret,
      new URLSearchParams({ ...limitOrder, timestamp: String(Date.now()), ...changes }),
    );

  before(async () => {
    cell = await TestCell.start({ USDT: 1_000_00000000n });
    [gateway] = await Promise.all([cell.gateway(), cell.engine()]);
    await until("the gateway accepts", async () => (await gateway.health()).status === 200);
  });
  after(() => cell?.stop());

  const cases: readonly (readonly [string, () => Sent, number, number])[] = [
    ["malformed JSON", () => ({ body: '{"symbol":', type: "application/json" }), 415, -1100],
    [
      "well-formed JSON, which the API does not read",
      () => ({ body: "{}", type: "application/json" }),
      415,
      -1100,
    ],
    ["an oversized body", () => ({ body: `x=${"y".repeat(20_000)}` }), 413, -1101],
    ["no API key", () => ({ query: signed(), apiKey: null }), 401, -2014],
    ["an API key that is none", () => ({ query: signed(), apiKey: "' or 1=1 --" }), 401, -2014],
    ["an API key that nobody holds", () => ({ query: signed(), apiKey: "z".repeat(32) }), 401, -2015],
    [
      "no signature",
      () => ({ query: new URLSearchParams({ ...limitOrder, timestamp: "1" }).toString() }),
      400,
      -1102,
    ],
    ["a wrong signature", () => ({ query: `${signed().slice(0, -4)}0000` }), 400, -1022],
    [
      "parameters changed after signing",
      () => ({ query: signed().replace("20000.00", "20001.00") }),
      400,
      -1022,
    ],
    ["a stale timestamp", () => ({ query: signed({ timestamp: String(Date.now() - 6_000) }) }), 400, -1021],
    [
      "a timestamp ahead of time",
      () => ({ query: signed({ timestamp: String(Date.now() + 5_000) }) }),
      400,
      -1021,
    ],
    ["an unknown symbol", () => ({ query: signed({ symbol: "DOGEUSDT" }) }), 400, -1121],
    ["a symbol with a quote in it", () => ({ query: signed({ symbol: "BTC'USDT" }) }), 400, -1121],
    ["an off-tick price", () => ({ query: signed({ price: "20000.001" }) }), 400, -1013],
    ["a price that is no number", () => ({ query: signed({ price: "NaN" }) }), 400, -1100],
    [
      "a client order id of ten thousand letters",
      () => ({ query: signed({ newClientOrderId: "x".repeat(4_000) }) }),
      400,
      -1100,
    ],
    ["an Idempotency-Key with a blank", () => ({ query: signed(), key: "a b" }), 400, -1100],
    ["an Idempotency-Key that is too long", () => ({ query: signed(), key: "k".repeat(65) }), 400, -1100],
    [
      "a cancel of an order that there is none of",
      () => ({ method: "DELETE", query: signed({ origClientOrderId: "nothing" }) }),
      400,
      -2011,
    ],
    [
      "a market buy by quantity while nothing has traded",
      () => {
        const order = { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.001" };
        const timed = new URLSearchParams({ ...order, timestamp: String(Date.now()) });
        return { query: signQuery(trader.secret, timed) };
      },
      400,
      -2010,
    ],
    ["money that is not there", () => ({ query: signed({ quantity: "1" }) }), 400, -2010],
  ];
  for (const [what, sent, status, code] of cases)
    it(`refuses ${what} with ${status} and ${code}, and does nothing`, async () => {
      const before = await everything();
      const answer = await send("/api/v3/order", sent());
      expect([answer.status, answer.body.code], JSON.stringify(answer.body)).to.deep.equal([status, code]);
      expect(answer.body).to.have.all.keys("code", "msg");
      expect(await everything()).to.deep.equal(before);
    });

  it("names a path that is not there", async () => {
    const answer = await send("/api/v3/nothing", { method: "GET" });
    expect(answer.status).to.equal(404);
    expect(answer.body["msg"]).to.contain("/api/v3/nothing");
  });

  it("survives bytes that are not HTTP", async () => {
    const socket = createConnection(Number(new URL(gateway.api).port), "127.0.0.1");
    socket.end("\x16\x03\x01 not http at all\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    expect((await send("/api/v3/ping", { method: "GET" })).status).to.equal(200);
  });

  it("tells every mistake of a wallet command at once, and does none of it", async () => {
    const response = await fetch(`${gateway.internal}/internal/v1/wallet-commands`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        commands: [
          { kind: "deposit", accountId: 7, reference: "good", asset: "USDT", amount: "5" },
          { kind: "deposit", accountId: -1, reference: "", asset: "GOLD", amount: "-5" },
        ],
      }),
    });
    expect(response.status).to.equal(400);
    const { problems } = (await response.json()) as { problems: string[] };
    expect(problems.map((problem) => problem.split(":")[0])).to.include.members([
      "commands.1.accountId",
      "commands.1.reference",
      "commands.1.asset",
      "commands.1.amount",
    ]);
    expect(await cell.db("command").where({ client_id: "good" })).to.have.length(0);
  });

  async function everything(): Promise<unknown> {
    const { rows } = await cell.db.raw(
      "select (select count(*) from command) as commands, (select count(*) from posting) as postings, (select json_agg(s) from stream s) as streams",
    );
    return rows;
  }
});

describe("a cell beside a witness that is not ours", () => {
  it("never becomes active, and says what it found", async () => {
    const cell = await TestCell.start();
    try {
      await cell.overwriteWitness({ activeRegion: "us-east-1", epoch: "1", mode: "solo" });
      const nowhere = new URL(cell.cell.peerJournalUrl);
      nowhere.port = String(await freePort());
      await cell.engine({ soloAfterMs: 200, peerJournalUrl: nowhere.href });
      const gateway = await cell.gateway();
      await until("the engine tries to lead", async () => (await cell.db("lead").first()) !== undefined);
      await until("it refuses", async () => (await gateway.health()).status === 503);
      const answer = await gateway.signed("POST", "/api/v3/order", limitOrder);
      expect([answer.status, answer.body.code]).to.deep.equal([503, -1001]);
      expect((await cell.db("role").first()).durability).to.equal("solo");
      expect(await cell.db("command")).to.have.length(0);
    } finally {
      await cell.stop();
    }
  });
});
