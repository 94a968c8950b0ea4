import { type Sabotage, sabotages } from "@castle/dr-runbooks/report/report.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { type Sabotaged, sabotage, sabotagePurposes } from "@castle/lab/sabotage.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { connectDatabase, isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { JournalClient } from "@castle/services/kernel/journal/journal-client.ts";
import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { World } from "../../unit/audit/support/world.ts";
import { patientPool } from "../support/patient-pool.ts";
import { project } from "../support/project.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";

const SYMBOL = "BTCUSDT";

describe("sabotage", () => {
  const { commands } = new World({ commands: 150, symbols: [SYMBOL] }).stream(SYMBOL);
  const [first, second] = commands as [AcceptedCommand, AcceptedCommand];
  let servers: CellServers;
  let db: Knex;
  let journal: Knex;
  let target: Target;
  let sabotaged: Sabotaged;

  beforeEach(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-central-1", symbols: [SYMBOL] } });
    db = patientPool(servers.databaseUrl, 2);
    journal = connectDatabase(servers.journalUrl, { name: "runbook", max: 1 });
    target = targetOf(servers);
  });

  afterEach(async () => {
    await sabotaged.stop();
    await Promise.all([db.destroy(), journal.destroy()]);
    await servers.stop();
  });

  const engine = (): Promise<JournalClient> =>
    JournalClient.open(servers.journalUrl, {
      name: "matching-engine-0 journal",
      onLost: () => undefined,
    });
  const entries = async (): Promise<number> =>
    Number((await journal("entry").count("* as n").first())?.["n"]);
  const refused = (asking: PromiseLike<unknown>): Promise<boolean> =>
    Promise.resolve(asking).then(() => false, isStaleEpoch);

  it("has a purpose in words for every kind", () => {
    sabotaged = { stop: async () => undefined };
    for (const kind of sabotages) expect(sabotagePurposes[kind]).to.match(/^[A-Z].{30,}\.$/);
  });

  it("of the fence lets an engine append in an epoch that is over, and looks fenced to a runbook", async () => {
    const old = await engine();
    await old.raiseEpoch(epoch(1));
    await old.append(epoch(1), [first]);
    await journal.raw("select journal_raise_epoch(2)");
    expect(await refused(old.append(epoch(1), [second]))).to.equal(true);

    sabotaged = await sabotage({ target }, "fence");
    expect(await old.append(epoch(1), [second])).to.deep.equal([{ stream: SYMBOL, mark: 2 }]);
    expect(await entries()).to.equal(2);
    const again = await engine();
    expect(await again.raiseEpoch(epoch(1))).to.equal(1);

    await journal.raw("select journal_raise_epoch(3)");
    expect((await journal("fence").first()).epoch).to.equal("3");
    expect(await refused(journal.raw("select * from journal_marks(2)"))).to.equal(true);
    await Promise.all([old.close(), again.close()]);
  });

  it("of the journal answers with marks and stores nothing, in the epoch that holds", async () => {
    const line = await engine();
    await line.raiseEpoch(epoch(2));
    sabotaged = await sabotage({ target }, "journal");
    expect(await line.append(epoch(2), [first, second])).to.deep.equal([{ stream: SYMBOL, mark: 2 }]);
    expect(await entries()).to.equal(0);
    expect(await refused(line.append(epoch(1), [first]))).to.equal(true);
    await line.close();
  });

  it("of the mark lets the journal say that it holds far more than it does, in the epoch that holds", async () => {
    const line = await engine();
    await line.raiseEpoch(epoch(2));
    sabotaged = await sabotage({ target }, "mark");
    const [appended] = await line.append(epoch(2), [first]);
    const [told] = await line.marks(epoch(2));
    expect(appended?.mark).to.be.greaterThan(1_000);
    expect(told?.mark).to.equal(appended?.mark);
    expect(await entries(), "what it holds").to.equal(1);
    expect(await refused(line.append(epoch(1), [first]))).to.equal(true);
    await line.close();
  });

  describe("of what is projected", () => {
    const chunk: readonly AppliedCommand[] = appliedBy(commands);
    const count = async (table: string, seq: number): Promise<number> => {
      const where = { [table === "trade" ? "symbol" : "stream"]: SYMBOL, seq };
      return Number((await db(table).where(where).count("* as n").first())?.["n"]);
    };

    beforeEach(async () => {
      const accounts = [...new Set(commands.map(({ accountId }) => accountId))];
      await db("balance").insert(
        accounts.flatMap((account_id) =>
          ["BTC", "USDT"].map((asset) => ({ account_id, asset, free: "1000000000000000000" })),
        ),
      );
    });

    it("drops one posting of every tenth command, and no balance", async () => {
      sabotaged = await sabotage({ target }, "ledger");
      await project(servers.databaseUrl, chunk);
      for (const { accepted, applied } of chunk) {
        const dropped = accepted.seq % 10 === 0 && applied.postings.some(({ leg }) => leg === 2);
        expect(await count("posting", accepted.seq)).to.equal(applied.postings.length - (dropped ? 1 : 0));
      }
      const free = chunk.flatMap(({ applied }) =>
        applied.postings.filter(
          ({ accountId, asset, bucket }) => accountId === 1 && asset === "USDT" && bucket === "free",
        ),
      );
      const moved = free.reduce((sum, { amount }) => sum + amount, 10n ** 18n);
      expect((await db("balance").where({ account_id: 1, asset: "USDT" }).first()).free).to.equal(`${moved}`);
    });

    it("writes the postings, trades and outcome of every tenth command twice", async () => {
      sabotaged = await sabotage({ target }, "once");
      await project(servers.databaseUrl, chunk);
      for (const { accepted, applied } of chunk) {
        const times = accepted.seq % 10 === 0 ? 2 : 1;
        expect(await count("outcome", accepted.seq)).to.equal(times);
        expect(await count("posting", accepted.seq)).to.equal(times * applied.postings.length);
        expect(await count("trade", accepted.seq)).to.equal(times * applied.outcome.trades.length);
      }
    });
  });

  it("finds the writer where the other cell cannot be reached, and says so when there is none", async () => {
    sabotaged = await sabotage({ target }, "ledger"); // the first cell of the target is out of reach
    const away = "postgres://nobody@127.0.0.1:1/none";
    const [home, peer] = [target.cells["eu-west-1"], target.cells["eu-central-1"]];
    const lost = { ...target, cells: { "eu-west-1": home, "eu-central-1": { ...peer, databaseUrl: away } } };
    const error = await sabotage({ target: lost }, "ledger" satisfies Sabotage).then(
      () => null,
      (caught: unknown) => String(caught),
    );
    expect(error).to.match(/no cell of the target holds the writer/);
  });
});

/** What an engine makes of commands. */
function appliedBy(commands: readonly AcceptedCommand[]): AppliedCommand[] {
  const market = new Market(OrderBook.empty(symbolNamed(SYMBOL)));
  return commands.map((accepted) => {
    const applied = market.apply(accepted);
    return { accepted, applied, outcome: JSON.stringify(applied.outcome), at: 0 };
  });
}

function targetOf({ databaseUrl, journalUrl, redisUrl }: CellServers): Target {
  const cell = (region: string) => ({
    ...{ databaseUrl, journalUrl, redisUrl },
    clusterArn: `arn:aws:rds:${region}:000000000000:cluster:castle`,
    replicationGroupId: "castle",
    endpointGroupArn: `arn:aws:globalaccelerator::000000000000:accelerator/${region}`,
    endpointId: region,
  });
  return {
    kind: "lab",
    name: "test",
    awsEndpoint: "http://127.0.0.1:1",
    witness: { table: "castle-witness", region: "eu-west-3", endpoint: "http://127.0.0.1:1" },
    globalClusterIdentifier: "castle",
    globalReplicationGroupId: "castle",
    cells: {
      "eu-west-1": { ...cell("eu-west-1"), databaseUrl: "postgres://nobody@127.0.0.1:1/none" },
      "eu-central-1": cell("eu-central-1"),
    },
    runsFolder: "/nowhere",
  };
}
