import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookAround } from "@castle/dr-runbooks/bootstrap/found.ts";
import { performTask } from "@castle/dr-runbooks/bootstrap/perform.ts";
import { firstRecord, planBootstrap, type Task } from "@castle/dr-runbooks/bootstrap/plan.ts";
import type { CellTarget, Target } from "@castle/dr-runbooks/target.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { type CellRegion, homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { symbols } from "@castle/services/kernel/domain/symbols.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { LossyPath, REGION, WitnessServer } from "../witness/witness-server.ts";
import { castle, castleKilled, type Ended } from "./support/castle.ts";

const STREAMS = ["wallet", ...symbols.map(({ name }) => name)];

/** A platform that was deployed and is empty: four databases without a table, and a witness without a record. */
describe("castle bootstrap and migrate, on PostgreSQL and a witness", () => {
  let servers: CellServers;
  let witnesses: WitnessServer;
  let folder: string;
  let made = 0;
  let target: Target;
  const open: Knex[] = [];

  before(async () => {
    [servers, witnesses] = await Promise.all([startCellServers(), WitnessServer.start()]);
    folder = mkdtempSync(join(tmpdir(), "castle-bootstrap-"));
  });
  after(async () => {
    await Promise.all(open.map((db) => db.destroy()));
    await Promise.all([servers.stop(), witnesses.stop()]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    target = await newTarget();
  });

  async function newTarget(): Promise<Target> {
    made += 1;
    const names = labIdentifiers();
    const cell = async (region: CellRegion): Promise<CellTarget> => {
      const { clusterArn, replicationGroupId, endpointGroupArn, endpointId } = names.cell(region);
      const [database, journal] = [`database-${region}-${made}`, `journal-${region}-${made}`];
      await Promise.all([servers.database.createDatabase(database), servers.journal.createDatabase(journal)]);
      return {
        databaseUrl: servers.database.url(database),
        journalUrl: servers.journal.url(journal),
        redisUrl: servers.redisUrl,
        ...{ clusterArn, replicationGroupId, endpointGroupArn, endpointId },
      };
    };
    // One after the other: PostgreSQL copies its template for one new database at a time.
    const home = await cell(homeRegion);
    const peer = await cell(peerRegion);
    return {
      kind: "lab",
      name: "a new platform",
      awsEndpoint: "http://127.0.0.1:1",
      witness: { table: await witnesses.table(), region: REGION, endpoint: witnesses.endpoint },
      globalClusterIdentifier: names.globalClusterIdentifier,
      globalReplicationGroupId: names.globalReplicationGroupId,
      cells: { [homeRegion]: home, [peerRegion]: peer } as Target["cells"],
      runsFolder: folder,
    };
  }

  function fileOf(what: Target): string {
    const path = join(folder, `target-${made}.json`);
    writeFileSync(path, JSON.stringify(what));
    return path;
  }
  const run = (...args: string[]): Promise<Ended> => castle(["--target", fileOf(target), ...args], folder);
  const plan = async (): Promise<readonly Task[]> => {
    const planned = planBootstrap(await lookAround(target), STREAMS);
    return "refused" in planned ? expect.fail(planned.refused.join("; ")) : planned.tasks;
  };
  const finish = async (): Promise<void> => {
    for (const task of await plan()) await performTask(target, task);
  };
  function connected(url: string): Knex {
    const db = connectDatabase(url, { name: "test", max: 2 });
    open.push(db);
    return db;
  }
  const homeDatabase = (): Knex => connected(target.cells[homeRegion].databaseUrl);

  async function expectBegun(): Promise<void> {
    const { databases, journals, witness } = await lookAround(target);
    const newest = { pending: [], unknown: [] };
    expect(databases[0]).to.deep.include({
      ...{ schema: newest, role: { epoch: 1, region: homeRegion } },
      streams: [...STREAMS].sort((a, b) => (a < b ? -1 : 1)),
    });
    expect(journals.map((journal) => ({ ...journal, region: "" }))).to.deep.equal(
      journals.map(() => ({ region: "", schema: newest, epoch: 0 })),
    );
    expect(witness).to.deep.equal(firstRecord);
  }

  it("changes nothing when it only looks, and nothing without being told to", async () => {
    const [dry, unasked] = await Promise.all([run("bootstrap", "--dry-run"), run("bootstrap")]);
    expect(dry.code, dry.errors).to.equal(0);
    expect(dry.out).to.match(/would[\s\S]*write the witness's first record: epoch 1, eu-west-1 active, solo/);
    expect(unasked.code).to.equal(2);
    expect(unasked.errors).to.include("add --yes");
    const { rows } = await homeDatabase().raw(
      "select count(*)::int as n from pg_tables where schemaname = 'public'",
    );
    expect(rows[0].n).to.equal(0);
    expect((await lookAround(target)).witness).to.equal(null);
  });

  it("gives a platform its first state, and a second time has nothing to do", async () => {
    const first = await run("bootstrap", "--yes", "--json");
    expect(first.code, first.errors).to.equal(0);
    const events = first.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).to.deep.equal(["found", "plan", ...Array(5).fill("done")]);
    await expectBegun();
    const second = await run("bootstrap", "--yes");
    expect({ code: second.code, out: /nothing to do/.test(second.out) }).to.deep.equal({
      code: 0,
      out: true,
    });
  });

  for (const ended of [0, 1, 2, 3, 4, 5])
    it(`goes on after ${ended} of its five tasks`, async () => {
      for (const task of (await plan()).slice(0, ended)) await performTask(target, task);
      await finish();
      await expectBegun();
    });

  it("goes on after it was killed in the middle of a migration", async () => {
    const rival = connected(target.cells[peerRegion].journalUrl);
    const held = await rival.transaction();
    await held.raw("create table fence (epoch bigint)");
    const blocked = async (): Promise<boolean> => {
      const { rows } = await rival.raw(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return rows.length > 0;
    };
    await castleKilled(["--target", fileOf(target), "bootstrap", "--yes"], folder, blocked);
    await held.rollback();
    await finish();
    await expectBegun();
  });

  it("goes on after it was killed as it wrote the witness's record, which may or may not stand", async () => {
    for (const fate of ["request-lost", "answer-lost"] as const) {
      target = await newTarget();
      const path = await LossyPath.to(witnesses.endpoint);
      path.fate = (operation) => (operation === "PutItem" ? fate : "passes");
      const lossy = { ...target, witness: { ...target.witness, endpoint: path.endpoint } };
      await castleKilled(["--target", fileOf(lossy), "bootstrap", "--yes"], folder, async () =>
        path.seen.includes("PutItem"),
      );
      await path.close();
      await finish();
      await expectBegun();
    }
  });

  it("leaves a platform that trades alone, and migrate only what it lacks", async () => {
    await finish();
    const db = homeDatabase();
    await db.raw("update stream set last_seq = 7; update role set durability = 'paired'");
    const journal = connected(target.cells[peerRegion].journalUrl);
    await journal.raw("select journal_raise_epoch(1)");
    await journal.raw(
      "drop table vouched cascade; drop function journal_standby_follows; drop function journal_standby_followed; delete from knex_migrations where name = 'journal-002-vouched'",
    );
    const state = async () => [
      await db("role").select(),
      await db("stream").orderBy("name").select(),
      await witnesses.witness(target.witness.table).inspect(),
    ];
    const before = await state();
    expect((await run("bootstrap", "--yes")).out).to.include("nothing to do");
    expect(await journal.schema.hasTable("vouched")).to.equal(false);
    const migrated = await run("migrate", "--yes");
    expect(migrated.code, migrated.out + migrated.errors).to.equal(0);
    expect(await journal.schema.hasTable("vouched")).to.equal(true);
    expect(await state()).to.deep.equal(before);
  });

  it("refuses where another epoch stands, and changes nothing", async () => {
    const [task] = await plan();
    await witnesses.witness(target.witness.table).create({ ...firstRecord, epoch: epoch(2) });
    const refused = await run("bootstrap", "--yes");
    expect(refused.code).to.equal(1);
    expect(refused.out).to.match(/refused; nothing was changed[\s\S]*record of epoch 2/);
    expect(await homeDatabase().schema.hasTable("role")).to.equal(false);
    expect(task?.kind).to.equal("migrate-journal");
    // And when the record came between the look and the write.
    const raced = await performTask(target, { kind: "first-record", record: firstRecord }).catch(String);
    expect(raced).to.include("somebody else wrote the witness's record meanwhile: epoch 2");
  });
});
