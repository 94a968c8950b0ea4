import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { issueListenKey } from "@castle/services/kernel/http/listen-key.ts";
import { metrics } from "@castle/services/market-data/metrics.ts";
import { expect } from "chai";
import { AppliedMarket } from "./support/applied-market.ts";
import { MarketDataCell } from "./support/market-data-cell.ts";
import { each, StreamClient } from "./support/stream-client.ts";

const BEHIND = 65_536;
/** Together far more than the kernel's buffers of one connection take. */
const LEVELS = 60_000;
const ROUNDS = 8;

describe("connections to market data", () => {
  let cell: MarketDataCell;
  let market: AppliedMarket;

  before(async () => {
    cell = await MarketDataCell.start();
    market = await AppliedMarket.open(cell.db, "BTCUSDT");
    await cell.startService({ behind: BEHIND });
  });
  afterEach(() => cell.endClients());
  after(() => cell?.stop());

  const manyLevels = (round: number): Outcome["levels"] =>
    Array.from({ length: LEVELS }, (_, index) => ({
      side: "BUY",
      price: String(1 + index + round * LEVELS),
      quantity: "1",
    }));

  it("ends one that does not keep up, tells it why, and spares the others", async () => {
    const slow = await cell.connect("/ws/btcusdt@depth");
    const fast = await cell.connect("/ws/btcusdt@depth");
    const dropped = async () => (await metrics.consumersDropped.get()).values[0]?.value ?? 0;
    const before = await dropped();
    slow.socket.pause();
    for (let round = 0; round < ROUNDS; round++) {
      cell.publish(await market.moveLevels(manyLevels(round)));
      await fast.until("the fast one is told", (messages) => messages.at(-1)?.["u"] === market.seq);
    }
    expect(await dropped()).to.equal(before + 1);
    slow.socket.resume();
    const { code, reason } = await slow.untilClosed();
    expect(code).to.equal(1008);
    expect(reason).to.match(/^slow consumer: \d+ bytes behind$/);
    expect(Number(/\d+/.exec(reason)?.[0])).to.be.greaterThan(BEHIND);
    expect(slow.messages.length).to.be.lessThan(fast.messages.length);
    expect(fast.closed).to.equal(null);
  });

  const refused: readonly (readonly [string, string, number, number])[] = [
    ["an unknown stream", "/ws/btcusdt@ticker", 400, -1121],
    ["a symbol that is not traded", "/stream?streams=btcusdt@trade/adausdt@trade", 400, -1121],
    [
      "an expired or foreign listen key",
      `/ws/${issueListenKey(Buffer.alloc(32), 7, Date.now())}`,
      400,
      -1121,
    ],
    ["another path", "/metrics", 404, -1000],
  ];
  for (const [what, path, status, code] of refused)
    it(`are refused for ${what}`, async () => {
      const answer = await StreamClient.refused(cell.url(path));
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ code }).and.to.have.property("msg");
    });

  it("are what the port is for: plain HTTP is told so", async () => {
    const response = await fetch(cell.url("/ws/btcusdt@trade").replace("ws:", "http:"));
    expect(response.status).to.equal(426);
    expect(await response.json())
      .to.have.property("msg")
      .that.contains("connect a WebSocket");
  });

  it("answer a bad request and stay open", async () => {
    const client = await cell.connect("/ws");
    client.socket.send("{");
    client.ask({ method: "SUBSCRIBE", params: ["btcusdt@nothing"], id: 2 });
    client.ask({ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 3 });
    const answers = await client.until("all are answered", (messages) => messages.length === 3);
    expect(each(answers, "code")).to.deep.equal([3, 2]);
    expect(answers[2]).to.deep.equal({ result: null, id: 3 });
  });

  it("end over a request that is too large", async () => {
    const client = await cell.connect("/ws");
    client.socket.send("x".repeat(100_000));
    expect((await client.untilClosed()).code).to.equal(1009);
  });

  it("count in a metric while they last", async () => {
    const open = async () => (await metrics.connections.get()).values[0]?.value;
    const client = await cell.connect("/ws");
    expect(await open()).to.equal(1);
    client.socket.close();
    await client.untilClosed();
    const next = await cell.connect("/ws");
    expect(await open()).to.equal(1);
    next.end();
  });

  it("end in good order when the service stops", async () => {
    const client = await cell.connect("/ws/btcusdt@trade");
    const [closed] = await Promise.all([client.untilClosed(), cell.stopService()]);
    expect(closed).to.deep.equal({ code: 1001, reason: "this instance is stopping" });
  });
});
