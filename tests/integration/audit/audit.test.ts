import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditOptions, audit } from "@castle/lab/audit/audit.ts";
import { isClean } from "@castle/lab/audit/findings.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { World } from "../../unit/audit/support/world.ts";
import { patientPool } from "../support/patient-pool.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { recordWorld, storeWorld } from "./store-world.ts";

describe("audit of a real database", () => {
  const world = new World({ commands: 6_000 });
  let servers: CellServers;
  let db: Knex;
  let folder: string;
  let options: AuditOptions;

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: world.symbols } });
    db = patientPool(servers.databaseUrl, 2);
    folder = await mkdtemp(join(tmpdir(), "castle-audit-"));
    await storeWorld(db, world);
    await recordWorld(folder, world);
    const { databaseUrl } = servers;
    options = { records: { folder }, databases: { databaseUrl }, symbols: world.symbols, handovers: [] };
  });

  after(async () => {
    await db.destroy();
    await servers.stop();
    await rm(folder, { recursive: true });
  });

  it("reads the same facts as stand there", async () => {
    const found = await audit(options);
    expect(found.examples).to.deep.equal([]);
    expect(isClean(found)).to.equal(true);
    expect(found.checked).to.deep.equal((await world.audit()).checked);
  });

  it("waits for the engines to come to the end of every stream", async () => {
    await db.raw("update progress set applied_seq = applied_seq - 5 where stream = 'BTCUSDT'");
    const auditing = audit(options);
    setTimeout(
      () => void db.raw("update progress set applied_seq = applied_seq + 5 where stream = 'BTCUSDT'").then(),
      300,
    );
    expect(isClean(await auditing)).to.equal(true);
  });

  it("says which commands no engine applied when it has waited long enough", async () => {
    await db.raw("update progress set applied_seq = applied_seq - 5 where stream = 'BTCUSDT'");
    const found = await audit({ ...options, settleWithinMs: 0 });
    await db.raw("update progress set applied_seq = applied_seq + 5 where stream = 'BTCUSDT'");
    expect(found.examples.filter(({ text }) => /was accepted and never applied/.test(text))).to.have.length(
      5,
    );
  });

  it("sees rows that stand twice, where no constraint forbids it", async () => {
    await db.raw("alter table posting drop constraint posting_pkey");
    await db.raw("insert into posting select * from posting where stream = 'wallet' and seq = 2 and leg = 2");
    const found = await audit(options);
    expect(found.duplicatedEffects).to.be.greaterThan(0);
    expect(found.conserved).to.equal(false);
  });

  it("fails, and says where, when the records are not there", async () => {
    const missing = await audit({ ...options, records: { folder: "/nowhere" } }).then(
      () => null,
      (error: unknown) => String(error),
    );
    expect(missing).to.match(/\/nowhere\/acknowledgements\.jsonl/);
  });
});
