import { issueListenKey } from "@castle/services/kernel/http/listen-key.ts";
import { expect } from "chai";
import { ScriptedEngine } from "../support/scripted-engine.ts";
import { AppliedMarket } from "./support/applied-market.ts";
import { MarketDataCell } from "./support/market-data-cell.ts";
import { each, type Message, type StreamClient } from "./support/stream-client.ts";

/** Depth updates must follow each other by their ids. */
function expectContiguous(updates: readonly Message[]): void {
  for (const [index, update] of updates.entries()) {
    const before = updates[index - 1];
    if (before) expect(update["U"]).to.equal(Number(before["u"]) + 1);
  }
}

describe("market data follows the engine, on a real PostgreSQL", () => {
  let cell: MarketDataCell;
  let market: AppliedMarket;

  before(async () => {
    cell = await MarketDataCell.start();
    market = await AppliedMarket.open(cell.db, "BTCUSDT");
    await market.rest("SELL", "30000", "1");
    await cell.startService();
  });
  afterEach(() => cell.endClients());
  after(() => cell?.stop());

  const reaches = (seq: number) => (messages: Message[]) => each(messages, "u").at(-1) === seq;
  const follow = (path = "/ws/btcusdt@depth@100ms"): Promise<StreamClient> => cell.connect(path);

  it("tells a trade at once, and depth from the applied seq on", async () => {
    const depth = await follow();
    const trades = await follow("/ws/btcusdt@trade");
    const start = market.seq;
    cell.publish(await market.rest("SELL", "20000.5", "0.3"));
    cell.publish(await market.take(market.seq, "0.1"));
    const [trade] = await trades.until("a trade is told", (messages) => messages.length > 0);
    expect(trade).to.include({ e: "trade", s: "BTCUSDT", p: "20000.50000000", q: "0.10000000", m: false });
    const updates = await depth.until("the trade moved the book", reaches(market.seq));
    expect(updates[0]).to.include({ e: "depthUpdate", s: "BTCUSDT", U: start + 1 });
    expect(updates.at(-1)?.["a"]).to.deep.equal([["20000.50000000", "0.20000000"]]);
    expectContiguous(updates);
  });

  it("wraps what it tells over a combined connection", async () => {
    const client = await follow("/stream?streams=btcusdt@depth/btcusdt@trade");
    cell.publish(await market.take(market.openOrderIds[0] ?? 0, "0.01"));
    const messages = await client.until("both streams have told", (told) => told.length >= 2);
    expect(new Set(each(messages, "stream"))).to.deep.equal(new Set(["btcusdt@depth", "btcusdt@trade"]));
    expect(each(messages, "data")[0]).to.include({ e: "trade" });
  });

  it("subscribes and unsubscribes on request", async () => {
    const client = await follow("/ws");
    client.ask({ method: "SUBSCRIBE", params: ["btcusdt@depth"], id: 5 });
    await client.until("the request is answered", (messages) => messages.length === 1);
    expect(client.messages).to.deep.equal([{ result: null, id: 5 }]);
    cell.publish(await market.refuseCancel());
    await client.until("depth is told", reaches(market.seq));
    client.ask({ method: "UNSUBSCRIBE", params: ["btcusdt@depth"], id: 6 });
    const heard = await client.until("that is answered too", (messages) => messages.at(-1)?.["id"] === 6);
    expect(heard).to.have.length(3);
  });

  it("tells ids that are contiguous through commands that move no level", async () => {
    const client = await follow();
    for (let n = 0; n < 3; n++) cell.publish(await market.refuseCancel());
    const updates = await client.until("the refused cancels have passed", reaches(market.seq));
    expect(updates.flatMap((update) => [update["a"], update["b"]]).flat()).to.deep.equal([]);
    expectContiguous(updates);
  });

  it("tells execution reports to their account, and to nobody else", async () => {
    const key = (account: number) => issueListenKey(cell.config.sealKey, account, Date.now());
    const [maker, taker, stranger] = await Promise.all(
      [7, 8, 9].map((account) => follow(`/ws/${key(account)}`)),
    );
    if (!maker || !taker || !stranger) throw new Error("three clients were asked for");
    cell.publish(await market.rest("BUY", "19000", "0.5", 7));
    const bid = market.seq;
    cell.publish(await market.take(bid, "0.2", 8));
    cell.publish(await market.cancel(bid));
    await maker.until("the cancel is told", (messages) => each(messages, "x").includes("CANCELED"));
    expect(each(maker.messages, "x")).to.deep.equal(["NEW", "TRADE", "CANCELED"]);
    expect(maker.messages[1]).to.include({ i: bid, m: true, l: "0.20000000", z: "0.20000000", S: "BUY" });
    expect(each(taker.messages, "x")).to.deep.equal(["TRADE"]);
    expect(taker.messages[0]).to.include({ m: false, S: "SELL", X: "FILLED" });
    expect(stranger.messages).to.deep.equal([]);
  });

  it("reads from the database what was applied while it had no line", async () => {
    const repaired = await cell.repairs();
    const client = await follow("/stream?streams=btcusdt@depth/btcusdt@trade");
    cell.engine.cut();
    const missed = [
      await market.rest("SELL", "21000", "0.5"),
      await market.take(market.seq, "0.1"),
      await market.take(market.seq - 1, "0.1"),
    ];
    await cell.following();
    cell.publish(await market.take(market.seq - 2, "0.1"));
    await client.until(
      "all is told",
      (messages) => each(each(messages, "data") as Message[], "u").at(-1) === market.seq,
    );
    const events = each(client.messages, "data") as Message[];
    expect(each(events, "t")).to.deep.equal(
      [missed[1]?.trades[0]?.tradeId, missed[2]?.trades[0]?.tradeId, market.seq * 1_000],
      "every trade once, in order",
    );
    expectContiguous(events.filter((event) => event["e"] === "depthUpdate"));
    expect(await cell.repairs()).to.be.greaterThan(repaired);
    expect(client.closed).to.equal(null);
  });

  it("tells nothing twice when messages come twice, late, or out of order", async () => {
    const client = await follow("/ws/btcusdt@trade");
    const outcomes = [await market.rest("SELL", "22000", "1")];
    for (let n = 0; n < 4; n++) outcomes.push(await market.take(outcomes[0]?.seq ?? 0, "0.1"));
    const [rest, ...fills] = outcomes;
    for (const outcome of [...fills.slice(2), ...fills, ...(rest ? [rest] : []), ...fills.reverse()])
      cell.publish(outcome);
    cell.publish(await market.take(rest?.seq ?? 0, "0.1"));
    const trades = await client.until("the last one is told", (messages) => messages.length >= 5);
    const first = (rest?.seq ?? 0) + 1;
    expect(each(trades, "t")).to.deep.equal([0, 1, 2, 3, 4].map((n) => (first + n) * 1_000));
  });

  it("asks for what follows what it has told, whenever it finds the engine again", async () => {
    const client = await follow();
    cell.publish(await market.rest("SELL", "23000", "1"));
    await client.until("it is told", reaches(market.seq));
    cell.engine.cut();
    await cell.following();
    expect(cell.engine.subscriptions.at(-1)).to.include({ BTCUSDT: market.seq });
  });

  it("follows the next engine that leads, without a word lost", async () => {
    const client = await follow();
    const next = await ScriptedEngine.start(cell.db);
    try {
      await market.rest("SELL", "24000", "1");
      await next.lead(1);
      await cell.db("lead").update({ generation: 1_000 });
      await client.until("it is told what the next one knows", reaches(market.seq));
      next.publish(await market.rest("SELL", "24001", "1"));
      const updates = await client.until("and what that one applies", reaches(market.seq));
      expectContiguous(updates);
    } finally {
      await cell.engine.lead(1);
      await cell.db("lead").update({ generation: 2_000 });
      await next.stop();
      await cell.following();
    }
  });

  it("goes on through the death of Redis, which it needs for none of this", async () => {
    const client = await follow();
    await cell.servers.redis.daemon.kill();
    cell.publish(await market.rest("SELL", "24002", "1"));
    await client.until("it is told while Redis is dead", reaches(market.seq));
    await cell.servers.redis.start();
  });

  it("keeps symbols apart", async () => {
    const client = await follow("/ws/ethusdt@depth");
    const other = await AppliedMarket.open(cell.db, "ETHUSDT");
    cell.publish(await market.rest("SELL", "25000", "1"));
    cell.publish(await other.rest("BUY", "1000", "1"));
    await client.until("its own symbol is told", reaches(other.seq));
    expect(each(client.messages, "s")).to.deep.equal(["ETHUSDT"]);
  });

  it("starts over, and says so, when the database lacks what it must hold", async () => {
    const client = await follow();
    const other = await AppliedMarket.open(cell.db, "ETHUSDT");
    const lost = await other.refuseCancel();
    await cell.db("outcome").where({ stream: "ETHUSDT", seq: lost.seq }).delete();
    cell.publish(await other.refuseCancel());
    const closed = await client.untilClosed();
    expect(closed).to.deep.equal({
      code: 1012,
      reason: "starting over: connect again and take a new snapshot",
    });
    const again = await cell.reconnect("/ws/btcusdt@depth@100ms");
    cell.publish(await market.refuseCancel());
    await again.until("it follows again", reaches(market.seq));
  });
});
