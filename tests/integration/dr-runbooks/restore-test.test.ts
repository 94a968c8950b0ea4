import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { RESTORE_PREFIX, restoreTestActions } from "@castle/dr-runbooks/restore-test/actions.ts";
import { type RestoreTold, testRestore } from "@castle/dr-runbooks/restore-test/restore-test.ts";
import { backupFolder } from "@castle/lab/cells/lab-backups.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { logCommands, post } from "../support/ledger-rows.ts";
import { HOME, PEER } from "./support/handover-rig.ts";
import { ReadinessRig } from "./support/readiness-rig.ts";

describe("restoring the newest backup", () => {
  let rig: ReadinessRig;
  let home: Knex;
  let backups = 0;
  before(async () => {
    rig = await ReadinessRig.start();
    home = rig.connections.cell(HOME).database.knex;
  });
  after(() => rig.stop());

  /** Accepts commands, each with a deposit's two postings, and has the peer follow. */
  async function accept(first: number, last: number, acceptedAt = Date.now()): Promise<void> {
    const places = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    await logCommands(
      home,
      places.map((seq) => ({
        ...{ stream: "BTCUSDT", seq, accountId: 7, clientId: `c${seq}`, acceptedAt, body: "{}" },
      })),
    );
    const leg = (seq: number, number: number, accountId: number, amount: number) => ({
      ...{ stream: "BTCUSDT", seq, leg: number, accountId, bucket: "free" as const, amount },
    });
    await post(
      home,
      places.flatMap((seq) => [leg(seq, 0, 0, -5), leg(seq, 1, 7, 5)]),
    );
    const peer = rig.connections.cell(PEER).database;
    const follows = async () => (await peer.streams()).some(({ lastSeq }) => lastSeq === last);
    await until(follows, { what: "the peer to follow", withinMs: 60_000, everyMs: 20 });
  }

  /** Takes a snapshot of the peer, the newest there is. @returns the folder of its data */
  async function backUp(): Promise<string> {
    const identifier = `taken-${++backups}`;
    rig.aws.snapshots.take(PEER, identifier, "manual");
    const isThere = () => rig.aws.snapshots.find(PEER, identifier)?.status === "available";
    await until(isThere, { what: "the snapshot to be whole", withinMs: 60_000, everyMs: 20 });
    return backupFolder(rig.host, PEER, identifier);
  }

  /** Has every page in its file, so that no server makes a damaged one whole again by what its log holds. */
  async function onDisk(): Promise<void> {
    const [writer, reader] = [rig.parts.databases.in(HOME), rig.parts.databases.in(PEER)];
    await writer.checkpoint();
    const [row] = await writer.query<{ end: string }>("select pg_current_wal_lsn() as end");
    const follows = async (): Promise<boolean> => {
      const sql = "select pg_last_wal_replay_lsn() >= $1::pg_lsn as there";
      return (await reader.query<{ there: boolean }>(sql, [row?.end]))[0]?.there ?? false;
    };
    await until(follows, { what: "the peer to follow", withinMs: 60_000, everyMs: 20 });
    await reader.checkpoint();
  }

  const restore = (signal = new AbortController().signal, onProgress?: (what: string) => void) =>
    testRestore({ connections: rig.connections, region: PEER, signal, ...(onProgress && { onProgress }) });

  const clustersLeft = async (): Promise<string[]> => {
    const { DBClusters = [] } = await rig.connections.aws.rds(PEER).send(new DescribeDBClustersCommand({}));
    return DBClusters.flatMap(({ DBClusterIdentifier: name }) =>
      name?.startsWith(RESTORE_PREFIX) ? [name] : [],
    );
  };
  const nothingIsLeft = async (told: RestoreTold): Promise<void> => {
    expect(told.removed).to.equal(true);
    expect(await clustersLeft()).to.deep.equal([]);
    expect(readdirSync(rig.host.subfolder("restored", PEER))).to.deep.equal([]);
  };

  it("starts a server of its own on it, finds schema, streams and money there, and deletes it again", async () => {
    await accept(1, 3, Date.now() - 90_000);
    await backUp();
    await accept(4, 5);
    const told = await restore();
    expect(told.problems).to.deep.equal([]);
    expect(told).to.include({ holds: true, region: PEER });
    expect(told.snapshot?.identifier).to.equal("taken-1");
    expect(told.streams).to.include({ BTCUSDT: 3 });
    expect(told.restoreMs).to.be.within(1, told.ms);
    for (const action of restoreTestActions) expect([...rig.asked]).to.include(action);
    await nothingIsLeft(told);
  });

  it("turns red on a snapshot that lacks what was accepted well before it was taken", async () => {
    await backUp();
    await accept(6, 6, Date.now() - 90_000);
    const told = await restore();
    expect(told.problems).to.deep.equal(["stream BTCUSDT ends at 5, and held 6 before it was taken"]);
    await nothingIsLeft(told);
  });

  it("turns red on a snapshot whose pages are damaged", async () => {
    await onDisk();
    const folder = await backUp();
    const { rows } = await home.raw("select pg_relation_filepath('posting') as path");
    writeFileSync(join(folder, rows[0].path), Buffer.alloc(8_192, 7));
    const told = await restore();
    expect(told).to.include({ holds: false });
    expect(told.problems.join()).to.match(/invalid page|could not read/);
    await nothingIsLeft(told);
  });

  it("turns red on a snapshot on which no server starts", async () => {
    const folder = await backUp();
    writeFileSync(join(folder, "global", "pg_control"), Buffer.alloc(8_192));
    const told = await restore();
    expect(told).to.include({ holds: false, restoreMs: null });
    expect(told.problems.join()).to.contain("is failed: nothing can be restored");
    await nothingIsLeft(told);
  });

  it("turns red on a snapshot in which money does not sum to zero", async () => {
    await home.raw("update posting set amount = amount + 1 where stream = 'BTCUSDT' and seq = 1 and leg = 1");
    await home.raw("update balance set free = free + 1 where account_id = 7");
    await accept(7, 7);
    await backUp();
    await home.raw("update posting set amount = amount - 1 where stream = 'BTCUSDT' and seq = 1 and leg = 1");
    await home.raw("update balance set free = free - 1 where account_id = 7");
    const told = await restore();
    expect(told.problems.join()).to.contain("postings of USDT sum to 1, not to 0");
    await nothingIsLeft(told);
  });

  it("deletes what it made when somebody ends it, wherever it stands", async () => {
    await backUp();
    for (const at of ["restoring", "it takes connections"]) {
      const stop = new AbortController();
      const told = await restore(stop.signal, (what) => {
        if (what.startsWith(at)) stop.abort();
      });
      expect(told, at).to.include({ removed: true, ended: true });
      await nothingIsLeft(told);
    }
  });
});
