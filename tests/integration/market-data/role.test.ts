import { expect } from "chai";
import { AppliedMarket } from "./support/applied-market.ts";
import { MarketDataCell } from "./support/market-data-cell.ts";
import { each, StreamClient } from "./support/stream-client.ts";

describe("market data follows the cell's role", () => {
  let cell: MarketDataCell;
  let market: AppliedMarket;

  /** The epoch of the cell's database. */
  let held = 1;

  before(async () => {
    cell = await MarketDataCell.start();
    market = await AppliedMarket.open(cell.db, "BTCUSDT");
  });
  beforeEach(async () => {
    // Past whatever a test let the witness say.
    held = Math.max(held, (await cell.cell.witness.read()).epoch) + 1;
    await cell.raiseEpoch(held, "eu-west-1", "open");
    await cell.startService();
  });
  afterEach(async () => {
    cell.endClients();
    await cell.stopService();
  });
  after(() => cell?.stop());

  const refusedWith = async () => StreamClient.refused(cell.url("/ws/btcusdt@trade"));
  const untilHealth = async (status: number): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while ((await cell.health()).status !== status)
      if (Date.now() > deadline) throw new Error(`/healthz/active did not become ${status}`);
  };

  it("is green where the cell is active, and says what it knows", async () => {
    expect(await cell.health()).to.deep.equal({
      status: 200,
      body: {
        ok: true,
        service: "market-data",
        instance: "market-data-0",
        region: "eu-west-1",
        active: true,
        epoch: held,
        gate: "open",
        following: true,
        engine: true,
      },
    });
  });

  it("closes every connection, and takes no other, when the database names the peer", async () => {
    const clients = await Promise.all(["/ws/btcusdt@trade", "/stream"].map((path) => cell.connect(path)));
    await cell.raiseEpoch(++held, "eu-central-1", "open");
    for (const client of clients)
      expect(await client.untilClosed()).to.deep.equal({
        code: 1012,
        reason: `this cell is not active: eu-central-1 is active in epoch ${held}`,
      });
    const { status, body } = await refusedWith();
    expect(status).to.equal(503);
    expect(body).to.deep.equal({
      code: -1001,
      msg: `Not executed: this cell is not active: eu-central-1 is active in epoch ${held}. Reconnect and send again.`,
    });
    expect((await cell.health()).status).to.equal(503);
  });

  it("closes every connection when the witness names the peer, whatever its own database says", async () => {
    const client = await cell.connect("/ws/btcusdt@trade");
    await cell.handOver(held);
    const { code, reason } = await client.untilClosed();
    expect(code).to.equal(1012);
    expect(reason).to.contain("the witness names eu-central-1 in epoch");
    expect((await refusedWith()).status).to.equal(503);
    expect((await cell.health()).status).to.equal(503);
  });

  it("begins where the database stands when the role comes back", async () => {
    await cell.raiseEpoch(++held, "eu-central-1", "open");
    await untilHealth(503);
    for (let n = 0; n < 3; n++) await market.refuseCancel();
    await cell.raiseEpoch(++held, "eu-west-1", "open");
    await untilHealth(200);
    const start = market.seq;
    const client = await cell.connect("/ws/btcusdt@depth");
    cell.publish(await market.refuseCancel());
    await client.until("depth is told", (messages) => messages.length > 0);
    expect(client.messages[0]).to.include({ U: start + 1, u: start + 1 });
  });

  it("keeps its connections through a new epoch of its own cell", async () => {
    const client = await cell.connect("/ws/btcusdt@depth");
    cell.publish(await market.refuseCancel());
    await client.until("the first is told", (messages) => messages.length > 0);
    await cell.raiseEpoch(++held, "eu-west-1", "open");
    await untilHealth(200);
    cell.publish(await market.refuseCancel());
    const updates = await client.until("the second is told", (messages) => messages.length > 1);
    expect(each(updates, "U")).to.deep.equal([market.seq - 1, market.seq]);
    expect(client.closed).to.equal(null);
  });

  it("follows on while the gate is closed, as a cell does that is about to open", async () => {
    await cell.cell.setGate("closed", held);
    await untilHealth(503);
    const client = await cell.connect("/ws/btcusdt@trade");
    const { seq } = await market.rest("SELL", "20000", "1");
    await cell.following();
    cell.publish(await market.take(seq, "0.5"));
    const [told] = await client.until("a trade is told", (messages) => messages.length > 0);
    expect(told).to.include({ p: "20000.00000000", q: "0.50000000" });
    await cell.cell.setGate("cancel-only", held);
    await untilHealth(200);
    expect(client.closed).to.equal(null);
  });

  it("tells nothing of an engine that leads in an epoch that is over", async () => {
    await cell.cell.raiseEpoch(++held, "eu-west-1");
    await untilHealth(503);
    expect((await cell.health()).body).to.include({ active: true, engine: false });
    await cell.engine.lead(held);
    await cell.cell.setGate("open", held);
    await untilHealth(200);
  });

  it("closes every connection when the database dies, and comes back with it", async () => {
    const client = await cell.connect("/ws/btcusdt@trade");
    await cell.servers.database.daemon.kill();
    expect((await client.untilClosed()).code).to.equal(1012);
    expect((await refusedWith()).status).to.equal(503);
    await cell.servers.database.start();
    await untilHealth(200);
    await cell.connect("/ws/btcusdt@trade");
  });
});
