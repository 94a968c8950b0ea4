import { type Sabotage, sabotages } from "@castle/dr-runbooks/report/report.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { type Sabotaged, sabotage, sabotagePurposes } from "@castle/lab/sabotage.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { WRITE_COMMANDS, writtenCommands } from "@castle/services/kernel/database/command-log.ts";
import { connectDatabase, isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import { positional } from "@castle/services/kernel/database/positional.ts";
import { postingsJson } from "@castle/services/kernel/database/postings.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { JournalClient } from "@castle/services/kernel/journal/journal-client.ts";
import { StreamApplier } from "@castle/services/matching-engine/stream-applier.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { World } from "../../unit/audit/support/world.ts";
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
    db = connectDatabase(servers.databaseUrl, { name: "test", max: 2 });
    journal = connectDatabase(servers.journalUrl, { name: "runbook", max: 1 });
    target = targetOf(servers);
  });

  afterEach(async () => {
    await sabotaged.stop();
    await Promise.all([db.destroy(), journal.destroy()]);
    await servers.stop();
  });

  const gateway = (): Promise<JournalClient> =>
    JournalClient.open(servers.journalUrl, {
      name: "order-gateway-0 journal",
      onMark: () => undefined,
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

  it("of the fence lets a gateway append in an epoch that is over, and looks fenced to a runbook", async () => {
    const old = await gateway();
    await old.raiseEpoch(epoch(1));
    await old.append(epoch(1), [first]);
    await journal.raw("select journal_raise_epoch(2)");
    expect(await refused(old.append(epoch(1), [second]))).to.equal(true);

    sabotaged = await sabotage({ target }, "fence");
    expect(await old.append(epoch(1), [second])).to.deep.equal([{ stream: SYMBOL, mark: 2 }]);
    expect(await entries()).to.equal(2);
    const again = await gateway();
    expect(await again.raiseEpoch(epoch(1))).to.equal(1);

    await journal.raw("select journal_raise_epoch(3)");
    expect((await journal("fence").first()).epoch).to.equal("3");
    expect(await refused(journal.raw("select * from journal_marks(2)"))).to.equal(true);
    await Promise.all([old.close(), again.close()]);
  });

  it("of the journal answers with marks and stores nothing, in the epoch that holds", async () => {
    const line = await gateway();
    await line.raiseEpoch(epoch(2));
    sabotaged = await sabotage({ target }, "journal");
    expect(await line.append(epoch(2), [first, second])).to.deep.equal([{ stream: SYMBOL, mark: 2 }]);
    expect(await entries()).to.equal(0);
    expect(await refused(line.append(epoch(1), [first]))).to.equal(true);
    await line.close();
  });

  it("of the ledger drops one posting of every tenth command, and no balance", async () => {
    sabotaged = await sabotage({ target }, "ledger");
    const leg = { stream: SYMBOL, asset: "USDT", bucket: "free" } as const;
    const postings = [49, 50].flatMap((seq) => [
      { ...leg, seq, leg: 2, accountId: 1, amount: -5n },
      { ...leg, seq, leg: 3, accountId: 2, amount: 5n },
    ]);
    await positional(db, "select castle_write_postings($1::json)", [postingsJson(postings)]);
    const rows = await db("posting").select("seq", "leg").orderBy(["seq", "leg"]);
    expect(rows.map(({ seq, leg }) => [Number(seq), leg])).to.deep.equal([
      [49, 2],
      [49, 3],
      [50, 3],
    ]);
    expect((await db("balance").where({ account_id: 1 }).first()).free).to.equal("-10");
  });

  it("of doing things once makes a new engine apply again what the old one had applied", async () => {
    await positional(db, WRITE_COMMANDS, writtenCommands(commands));
    await db("stream").where({ name: SYMBOL }).update({ last_seq: commands.length });
    sabotaged = await sabotage({ target }, "once");
    const outcomes = async (): Promise<number> =>
      Number((await db("outcome").count("* as n").first())?.["n"]);
    const appliedSeq = async (): Promise<number> =>
      Number((await db("progress").where({ stream: SYMBOL }).first()).applied_seq);
    const engine = (): StreamApplier =>
      new StreamApplier({
        databaseUrl: servers.databaseUrl,
        name: "matching-engine-0",
        stream: SYMBOL,
        holder: { epoch: epoch(1), region: "eu-central-1" },
        onCommitted: () => undefined,
      });

    const before = engine();
    await before.applyUpTo(120);
    expect(await outcomes()).to.equal(120);
    await seenBySaboteur(db);
    await before.stop();
    while ((await appliedSeq()) !== 70) await new Promise((resolve) => setTimeout(resolve, 10));

    const after = engine();
    await after.applyUpTo(120);
    await after.stop();
    expect(await outcomes()).to.equal(170);
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

/** Two looks of the one who lies in wait: it must have seen the engine to see it go. */
async function seenBySaboteur(db: Knex): Promise<void> {
  const seen = async (): Promise<string> => {
    const row = await db("pg_stat_activity")
      .where({ application_name: "sabotage" })
      .max("query_start as at")
      .first();
    return String(row?.["at"]?.getTime());
  };
  const looks = new Set<string>();
  while (looks.size < 3) {
    looks.add(await seen());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
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
