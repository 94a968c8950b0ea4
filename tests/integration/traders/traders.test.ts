import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordFiles } from "@castle/lab/traders/records.ts";
import { startTraders, type Traders, TradersDied } from "@castle/lab/traders/traders.ts";
import { expect } from "chai";
import { StubExchange } from "./stub-exchange.ts";

const accounts = [1, 2, 3].map((accountId) => ({
  accountId,
  apiKey: `key-${accountId}`,
  secret: "for tests only",
}));

describe("the traders' process", () => {
  let stub: StubExchange;
  let folder: string;
  let traders: Traders;

  beforeEach(async () => {
    stub = await StubExchange.start(accounts);
    folder = await mkdtemp(join(tmpdir(), "castle-traders-"));
    traders = await startTraders({
      ...{
        edge: stub.edge,
        accounts,
        symbols: ["BTCUSDT", "ETHUSDT"],
        rps: 100,
        seed: 5,
        recordsFolder: folder,
      },
    });
  });

  afterEach(async () => {
    await traders.kill();
    await stub.stop();
    await rm(folder, { recursive: true });
  });

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("tells its figures while it runs, and leaves its records when it is stopped", async () => {
    await until(() => (traders.stats()?.sent ?? 0) >= 100);
    const mark = traders.mark("half-way");
    const live = await traders.figures([{ from: traders.startedAt, to: mark.at }]);
    expect(live.sent).to.be.greaterThan(90);
    expect(live.latencyMs?.p99).to.be.greaterThan(0);

    const records = await traders.stop();
    const { startedAt, stoppedAt } = records.summary;
    expect(traders.lastAcknowledgedAt).to.be.within(startedAt, stoppedAt);
    expect(records.totals.sent).to.equal(records.samples.length);
    expect(records.clientGap({ from: startedAt, to: stoppedAt }).ms).to.be.within(
      1,
      stoppedAt - startedAt - 1,
    );
    expect(records.figures([{ from: startedAt, to: stoppedAt }]).sent).to.equal(records.totals.sent);
    expect(records.traderReturns(startedAt)).to.deep.include({ count: 3 });
    const inBuckets = records.series.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    expect(inBuckets).to.equal(records.totals.acknowledged);
    expect(traders.problems).to.deep.equal([]);
  });

  it("keeps no secret in its records", async () => {
    await until(() => (traders.stats()?.acknowledged ?? 0) > 0);
    await traders.stop();
    for (const file of Object.values(recordFiles))
      expect(await readFile(join(folder, file), "utf8")).not.to.match(/for tests only|key-\d/);
  });

  it("fails by name when it dies before it was stopped", async () => {
    process.kill(traders.pid ?? 0, "SIGKILL");
    const error = await traders.stop().then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(TradersDied);
    expect(String(error)).to.match(/SIGKILL/);
  });
});

describe("the traders' process", () => {
  it("does not start without accounts", async () => {
    const error = await startTraders({
      ...{ edge: { api: "http://127.0.0.1:1", stream: "ws://127.0.0.1:1" }, accounts: [] },
      ...{ symbols: ["BTCUSDT"], rps: 1, seed: 1, recordsFolder: join(tmpdir(), "castle-never-made") },
    }).then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(TradersDied);
    expect(String(error)).to.match(/accounts: at least one is needed/);
  });
});
