import { minutes, seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import { bootstrapCell, migrateCell, migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import { replayJournal } from "@castle/services/kernel/database/replay.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { JournalClient } from "@castle/services/kernel/journal/journal-client.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { patientPool } from "../support/patient-pool.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";

const first = epoch(1);
const second = epoch(2);

const order = (seq: number, changes: Partial<AcceptedCommand> = {}): AcceptedCommand => ({
  stream: "BTCUSDT",
  seq,
  epoch: first,
  accountId: 7,
  clientId: `order-${seq}`,
  acceptedAt: 1_000 + seq,
  command: {
    kind: "place",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    price: 100n,
    quantity: 200n,
    quoteBudget: null,
    hold: { asset: "USDT", amount: 50n },
  },
  ...changes,
});

const refusal = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => "nothing",
    (error: unknown) => sqlStateOf(error),
  );

describe("the journal, on a real PostgreSQL", () => {
  let servers: CellServers;
  let journal: Knex;
  let cell: Knex;
  const clients: JournalClient[] = [];

  const open = async (): Promise<JournalClient> => {
    const client = await JournalClient.open(servers.journalUrl, { name: "test", onLost: () => undefined });
    clients.push(client);
    return client;
  };

  before(async () => {
    servers = await startCellServers();
    journal = patientPool(servers.journalUrl, 2);
    cell = patientPool(servers.databaseUrl, 2);
  });
  beforeEach(async () => {
    await journal.raw("drop schema public cascade; create schema public");
    await cell.raw("drop schema public cascade; create schema public");
    await Promise.all([migrateJournal(journal), migrateCell(cell)]);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  after(async () => {
    await Promise.all([journal.destroy(), cell.destroy()]);
    await servers.stop();
  });

  it("answers the contiguous mark, whatever the order of arrival", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    expect(await client.append(first, [order(1)])).to.deep.equal([{ stream: "BTCUSDT", mark: 1 }]);
    expect(await client.append(first, [order(3), order(4)])).to.deep.equal([{ stream: "BTCUSDT", mark: 1 }]);
    expect(await client.append(first, [order(2)])).to.deep.equal([{ stream: "BTCUSDT", mark: 4 }]);
  });

  it("takes the same command twice as once, and refuses another at its place", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    await client.append(first, [order(1)]);
    expect(await client.append(first, [order(1), order(2)])).to.deep.equal([{ stream: "BTCUSDT", mark: 2 }]);
    expect(await refusal(client.append(first, [order(2, { clientId: "another" }), order(3)]))).to.equal(
      "CS002",
    );
    expect(await client.marks(first)).to.deep.equal([{ stream: "BTCUSDT", mark: 2 }]);
  });

  it("refuses appends and marks of every epoch but its own", async () => {
    const client = await open();
    await client.raiseEpoch(second);
    expect(await refusal(client.append(first, [order(1)]))).to.equal("CS001");
    expect(await refusal(client.marks(first))).to.equal("CS001");
    expect(await refusal(client.append(epoch(3), [order(1)]))).to.equal("CS001");
    expect(await client.raiseEpoch(first)).to.equal(2);
  });

  it("lets appends under way end before it raises the fence, and none after", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    const rival = await open();
    const appends = Array.from({ length: 200 }, (_, index) => client.append(first, [order(index + 1)]));
    const raised = rival.raiseEpoch(second);
    const settled = await Promise.allSettled(appends);
    await raised;
    const taken = settled.findIndex((result) => result.status === "rejected");
    expect(
      settled.slice(taken === -1 ? 200 : taken).every((result) => result.status === "rejected"),
    ).to.equal(true);
    const { rows } = await journal.raw("select count(*)::int as held, max(seq)::int as last from entry");
    const kept = taken === -1 ? 200 : taken;
    expect(rows[0].held).to.equal(kept);
    expect(await refusal(client.append(first, [order(1_000)]))).to.equal("CS001");
  });

  it("forgets what lies beyond a gap when the fence is raised: nobody was ever told of it", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    await client.append(first, [order(1), order(3)]);
    await client.raiseEpoch(second);
    expect(await client.append(second, [order(2, { epoch: second, clientId: "new" })])).to.deep.equal([
      { stream: "BTCUSDT", mark: 2 },
    ]);
  });

  it("moves its mark to what the standby database vouches for, in the same epoch only, and prunes below the margin", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    await client.append(first, [order(1), order(2), order(3)]);
    await journal.raw("select journal_vouch(1, 'BTCUSDT', 10, 8)");
    expect(await client.append(first, [order(11)])).to.deep.equal([{ stream: "BTCUSDT", mark: 11 }]);
    const { rows } = await journal.raw("select array_agg(seq::int order by seq) as held from entry");
    expect(rows[0].held).to.deep.equal([3, 11]);
    expect(await refusal(Promise.resolve(journal.raw("select journal_vouch(2, 'BTCUSDT', 20, 8)")))).to.equal(
      "CS001",
    );
  });

  it("knows whether the standby database follows: lately, in this epoch, and since the server started", async () => {
    const client = await open();
    await client.raiseEpoch(first);
    const followed = () => client.standbyFollowed(first, seconds(2));
    expect(await followed()).to.equal(false);
    await journal.raw("select journal_standby_follows(1)");
    expect(await followed()).to.equal(true);
    await journal.raw("update vouched set at = now() - interval '3 seconds'");
    expect(await followed()).to.equal(false);
    await journal.raw("update vouched set at = pg_postmaster_start_time() - interval '1 millisecond'");
    expect(await client.standbyFollowed(first, minutes(600))).to.equal(false);
    await journal.raw("select journal_standby_follows(1)");
    await client.raiseEpoch(second);
    expect(await client.standbyFollowed(second, seconds(2)), "said of another epoch").to.equal(false);
    expect(await refusal(client.standbyFollowed(first, seconds(2)))).to.equal("CS001");
  });

  describe("replayed into a promoted database", () => {
    beforeEach(async () => {
      await bootstrapCell(cell, { region: "eu-west-1", symbols: ["BTCUSDT"] });
      await cell.raw("select castle_raise_epoch(2, 'eu-central-1')");
      const client = await open();
      await client.raiseEpoch(first);
      await client.append(first, [order(1), order(2), order(4)]);
    });
    const replay = () => replayJournal({ journal, cell, epoch: second, region: "eu-central-1" });

    it("brings every command up to the mark into the log, and none beyond", async () => {
      expect(await replay()).to.deep.equal({ replayed: { BTCUSDT: 2 } });
      const { rows } = await cell.raw("select seq::int, client_id from command order by seq");
      expect(rows).to.deep.equal([
        { seq: 1, client_id: "order-1" },
        { seq: 2, client_id: "order-2" },
      ]);
    });

    it("changes nothing when repeated", async () => {
      await replay();
      expect(await replay()).to.deep.equal({ replayed: { BTCUSDT: 0 } });
      const { rows } = await cell.raw("select count(*)::int as commands from command");
      expect(rows[0].commands).to.equal(2);
    });

    it("is refused once another epoch holds the database", async () => {
      await cell.raw("select castle_raise_epoch(3, 'eu-west-1')");
      expect(await refusal(replay())).to.equal("CS001");
    });

    it("stops when the journal lacks what the database lacks too", async () => {
      await journal("entry").where({ seq: 1 }).delete();
      const error = await replay().then(
        () => null,
        (thrown: Error) => thrown,
      );
      expect(error?.message).to.contain("lacks seq 1");
    });
  });
});

/** Resolves once somebody waits for an advisory lock. */
async function waiting(db: Knex): Promise<void> {
  for (;;) {
    const { rows } = await db.raw("select from pg_locks where locktype = 'advisory' and not granted");
    if (rows.length > 0) return;
  }
}

describe("the epoch guard of a cell's database", () => {
  let servers: CellServers;
  let db: Knex;

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: ["BTCUSDT"] } });
    db = patientPool(servers.databaseUrl, 4);
  });
  after(async () => {
    await db.destroy();
    await servers.stop();
  });

  it("lets the active region of the epoch through, and nobody else", async () => {
    const { rows } = await db.raw("select * from castle_guard(1, 'eu-west-1')");
    expect(rows).to.deep.equal([{ gate: "open", durability: "solo" }]);
    expect(await refusal(Promise.resolve(db.raw("select * from castle_guard(1, 'eu-central-1')")))).to.equal(
      "CS001",
    );
    expect(await refusal(Promise.resolve(db.raw("select * from castle_guard(2, 'eu-west-1')")))).to.equal(
      "CS001",
    );
  });

  it("makes a change of role wait for the writes before it, and refuses the writes after it", async () => {
    const writer = await db.transaction();
    await writer.raw("select * from castle_guard(1, 'eu-west-1')");
    let raised = false;
    const raising = db.raw("select castle_raise_epoch(2, 'eu-central-1')").then(() => {
      raised = true;
    });
    await waiting(db);
    expect(raised).to.equal(false);
    await writer.commit();
    await raising;
    expect(await refusal(Promise.resolve(db.raw("select * from castle_guard(1, 'eu-west-1')")))).to.equal(
      "CS001",
    );
  });

  it("raises an epoch once, closed and solo, and never lowers one", async () => {
    await db.raw("select castle_raise_epoch(2, 'eu-central-1')");
    expect(await db("role").first("epoch", "region", "gate", "durability")).to.deep.equal({
      epoch: "2",
      region: "eu-central-1",
      gate: "closed",
      durability: "solo",
    });
    expect(await refusal(Promise.resolve(db.raw("select castle_raise_epoch(1, 'eu-west-1')")))).to.equal(
      "CS001",
    );
    expect(await refusal(Promise.resolve(db.raw("select castle_set_gate(1, 'open')")))).to.equal("CS001");
  });
});
