import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allRecords } from "@castle/lab/traders/json-lines.ts";
import { Load } from "@castle/lab/traders/load.ts";
import { expect } from "chai";
import { StubExchange } from "./stub-exchange.ts";

const accounts = [1, 2, 3].map((accountId) => ({
  accountId,
  apiKey: `key-${accountId}`,
  secret: "for tests only",
}));
const DEPTH = "btcusdt@depth@100ms";

describe("the traders' listeners", () => {
  let stub: StubExchange;
  let folder: string;
  let load: Load;
  let problems: Error[];

  beforeEach(async () => {
    stub = await StubExchange.start(accounts);
    folder = await mkdtemp(join(tmpdir(), "castle-traders-"));
    problems = [];
    load = new Load(
      {
        ...{ edge: stub.edge, accounts, symbols: ["BTCUSDT"], rps: 20, seed: 5, recordsFolder: folder },
        ...{ patientShare: 0, userStreams: 2, rampMs: 0 },
      },
      (problem) => problems.push(problem),
    );
    await load.start();
  });

  afterEach(async () => {
    await stub.stop();
    await rm(folder, { recursive: true });
  });

  const depth = (U: number, u: number) => ({
    e: "depthUpdate",
    s: "BTCUSDT",
    U,
    u,
    b: [["1.00", "2.00"]],
    a: [],
  });

  it("listen to every market's depth and trades and to some user streams before the first request", async () => {
    expect(await stub.streams(4)).to.have.members([
      `/ws/${DEPTH}`,
      "/ws/btcusdt@trade",
      "/ws/key-of-key-1",
      "/ws/key-of-key-2",
    ]);
    await load.stop();
  });

  it("come back when a connection ends, under a number of its own, and take a new snapshot", async () => {
    stub.tell(DEPTH, depth(1, 2));
    const snapshots = (): number => stub.seen.filter(({ path }) => path === "/api/v3/depth").length;
    const before = snapshots();
    stub.dropStreams();
    await stub.streams(4);
    stub.tell(DEPTH, depth(3, 5));
    while (snapshots() <= before) await new Promise((resolve) => setTimeout(resolve, 10));
    await load.stop();
    const events = await allRecords(folder, "depthEvents");
    expect(events.map(({ U, u }) => [U, u])).to.deep.equal([
      [1, 2],
      [3, 5],
    ]);
    expect(events[0]?.connection).not.to.equal(events[1]?.connection);
    expect((await allRecords(folder, "depthSnapshots")).length).to.be.greaterThanOrEqual(2);
  });

  it("keep trades and executions as fills", async () => {
    stub.tell("btcusdt@trade", { e: "trade", s: "BTCUSDT", t: 7_000, p: "1.00", q: "2.00", m: true });
    stub.tell("key-of-key-2", {
      ...{ e: "executionReport", s: "BTCUSDT", c: "mine", C: "", S: "SELL", p: "1.00", q: "2.00" },
      ...{ X: "FILLED", x: "TRADE", i: 7, l: "2.00", L: "1.00", z: "2.00", Z: "2.00", t: 7_000, m: false },
    });
    await load.stop();
    const fills = await allRecords(folder, "fills");
    expect(fills.map(({ source, tradeId, accountId }) => [source, tradeId, accountId])).to.have.deep.members([
      ["trade", 7_000, null],
      ["report", 7_000, 2],
    ]);
    const told = (await allRecords(folder, "orders")).filter(({ source }) => source === "report");
    expect(told[0]).to.include({ accountId: 2, orderId: 7, clientOrderId: "mine", status: "FILLED" });
  });

  it("tell of a message that nobody can read, and go on", async () => {
    stub.tell(DEPTH, "not JSON at all");
    stub.tell(DEPTH, depth(1, 2));
    await load.stop();
    expect(problems.map(({ message }) => message)).to.match(/unreadable: not JSON at all/);
    expect(await allRecords(folder, "depthEvents")).to.have.length(1);
  });
});
