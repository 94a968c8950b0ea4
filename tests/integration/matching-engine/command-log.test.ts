import { epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import { sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import { PipelinedConnection } from "@castle/services/kernel/database/pipelined.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { LogWriter } from "@castle/services/matching-engine/sequencing/log-writer.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { accepted, cancel, limit } from "../../unit/matching-engine/support/orders.ts";
import { SYMBOLS } from "../support/active-cell.ts";
import { patientPool } from "../support/patient-pool.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { appendToLog, clearCell, engineLeads } from "./support/cell-log.ts";

const REGION = "eu-west-1";

const refusal = (call: PromiseLike<unknown>): Promise<string | undefined> =>
  Promise.resolve(call).then(() => "nothing", sqlStateOf);

const order = (seq: number, changes: Partial<AcceptedCommand> = {}): AcceptedCommand => ({
  ...accepted(seq, 1, limit("BUY", "1", "100")),
  ...changes,
});
const deposit = (seq: number, clientId: string): AcceptedCommand => ({
  ...order(seq, { stream: "wallet", clientId }),
  command: { kind: "deposit", asset: "USDT", amount: 1n },
});

describe("the command log of a cell, on a real PostgreSQL", () => {
  let servers: CellServers;
  let db: Knex;
  let connection: PipelinedConnection;

  const take = async (seen: number, instance = "matching-engine-0", inEpoch = 1): Promise<number> => {
    const { rows } = await db.raw<{ rows: { generation: string }[] }>(
      "select castle_take_lead(?, ?, ?, ?, ?) as generation",
      [inEpoch, REGION, seen, instance, "127.0.0.1:1"],
    );
    return Number(rows[0]?.generation);
  };
  const writer = (generation: number, inEpoch = 1): LogWriter =>
    new LogWriter(connection, { epoch: epoch(inEpoch), region: REGION, generation });
  const write = (commands: readonly AcceptedCommand[], generation = 1, gate: Gate = "open", inEpoch = 1) =>
    writer(generation, inEpoch).write(commands, gate);
  const logged = async (stream = "BTCUSDT"): Promise<number[]> =>
    (await db("command").where({ stream }).orderBy("seq").select("seq")).map(({ seq }) => Number(seq));

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: REGION, symbols: SYMBOLS } });
    db = patientPool(servers.databaseUrl, 4);
    connection = await PipelinedConnection.open(servers.databaseUrl, {
      name: "log",
      onLost: () => undefined,
    });
  });
  beforeEach(async () => {
    await clearCell(db);
    await take(0);
  });
  after(async () => {
    await connection?.close();
    await db?.destroy();
    await servers?.stop();
  });

  describe("takes a batch", () => {
    it("of several streams, and answers what an acknowledgement waits for", async () => {
      expect(await write([order(1), deposit(1, "a"), order(2)])).to.equal("solo");
      await db.raw("select castle_set_durability(1, 'paired')");
      expect(await write([order(3)])).to.equal("paired");
      expect([await logged(), await logged("wallet")]).to.deep.equal([[1, 2, 3], [1]]);
      const ends = await db("stream").orderBy("name").select("name", "last_seq");
      expect(ends.map(({ name, last_seq }) => [name, Number(last_seq)])).to.deep.equal([
        ["BTCUSDT", 3],
        ["ETHUSDT", 0],
        ["wallet", 1],
      ]);
    });

    it("with the keys that its senders gave, beside those without", async () => {
      const keyed = order(2, { command: { ...limit("BUY", "1", "100"), idempotencyKey: 'k"\\,{}' } });
      await write([order(1), keyed, order(3, { command: cancel(1) })]);
      const rows = await db("idempotency").select("account_id", "key", "stream", "seq", "accepted_at");
      expect(rows).to.deep.equal([
        {
          ...{ account_id: "1", key: 'k"\\,{}', stream: "BTCUSDT", seq: "2" },
          accepted_at: String(keyed.acceptedAt),
        },
      ]);
    });

    it("in the order of sending, however many are under way", async () => {
      const batches = Array.from({ length: 20 }, (_, at) => write([order(2 * at + 1), order(2 * at + 2)]));
      await Promise.all(batches);
      expect(await logged()).to.deep.equal(Array.from({ length: 40 }, (_, at) => at + 1));
    });
  });

  describe("refuses", () => {
    it("an engine of an epoch that is over: CS001", async () => {
      await db.raw("select castle_raise_epoch(2, ?)", [REGION]);
      expect(await refusal(write([order(1)]))).to.equal("CS001");
      expect(await logged()).to.deep.equal([]);
    });

    it("an engine after which another took the lead: CS005", async () => {
      await take(1, "matching-engine-1");
      expect(await refusal(write([order(1)]))).to.equal("CS005");
      expect(await refusal(write([order(1)], 3))).to.equal("CS005");
      expect(await logged()).to.deep.equal([]);
      expect(await write([order(1)], 2)).to.equal("solo");
    });

    it("a batch that was decided under another gate: CS004", async () => {
      await db.raw("select castle_set_gate(1, 'cancel-only')");
      expect(await refusal(write([order(1)]))).to.equal("CS004");
      expect(await write([order(1)], 1, "cancel-only")).to.equal("solo");
    });

    for (const [what, seqs] of [
      ["that leaves a gap", [2]],
      ["at a place that is taken", [1]],
      ["with a gap in itself", [2, 4]],
      ["with a place given twice", [2, 2]],
    ] as const)
      it(`a batch ${what}: CS006`, async () => {
        if (what !== "that leaves a gap") await write([order(1)]);
        const [first, ...rest] = seqs;
        const before = await logged();
        expect(await refusal(write([first, ...rest].map((seq) => order(seq))))).to.equal("CS006");
        expect(await logged()).to.deep.equal(before);
      });

    it("a stream that there is none of: CS006", async () => {
      expect(await refusal(write([order(1, { stream: "ADAUSDT" })]))).to.equal("CS006");
    });

    it("the whole of a batch of which one stream does not follow, and the batches behind it", async () => {
      const answers = await Promise.all([
        refusal(write([order(1), deposit(2, "a")])),
        refusal(write([order(2)])),
      ]);
      expect(answers).to.deep.equal(["CS006", "CS006"]);
      expect([await logged(), await logged("wallet")]).to.deep.equal([[], []]);
    });

    it("a deposit under a reference that was given before, by whatever engine", async () => {
      await write([deposit(1, "ref")]);
      expect(await refusal(write([deposit(2, "ref")]))).to.equal("23505");
      expect(await write([order(1, { clientId: "ref" }), order(2, { clientId: "ref" })]), "orders").to.equal(
        "solo",
      );
    });
  });

  describe("is led", () => {
    it("by one of any number of engines that want to at once", async () => {
      const engines = Array.from({ length: 8 }, (_, n) => take(1, `matching-engine-${n}`));
      const taken = await Promise.allSettled(engines);
      const won = taken.flatMap((result, n) => (result.status === "fulfilled" ? [[n, result.value]] : []));
      expect(won).to.have.length(1);
      for (const result of taken)
        if (result.status === "rejected") expect(sqlStateOf(result.reason)).to.equal("CS005");
      expect(await db("lead").select("generation", "instance")).to.deep.equal([
        { generation: "2", instance: `matching-engine-${won[0]?.[0]}` },
      ]);
    });

    it("by nobody of another epoch or region", async () => {
      expect(await refusal(take(1, "matching-engine-1", 2))).to.equal("CS001");
      const other = db.raw("select castle_take_lead(1, 'eu-central-1', 1, 'x', 'y')");
      expect(await refusal(other)).to.equal("CS001");
    });

    it("by a generation that grows through epochs, so that none comes twice", async () => {
      await db.raw("select castle_raise_epoch(2, ?)", [REGION]);
      expect(await take(1, "matching-engine-0", 2)).to.equal(2);
      expect((await db("lead").first()).epoch).to.equal("2");
    });

    it("by the next one not before the writes of the one before have ended, and none of them after", async () => {
      const writing = await db.transaction();
      await writing.raw("select * from castle_guard_lead(1, ?, 1)", [REGION]);
      let taken = false;
      const taking = take(1, "matching-engine-1").then(() => {
        taken = true;
      });
      for (;;) {
        const { rows } = await db.raw("select from pg_locks where locktype = 'advisory' and not granted");
        if (rows.length > 0) break;
      }
      expect(taken).to.equal(false);
      await writing.commit();
      await taking;
      expect(await refusal(db.raw("select * from castle_guard_lead(1, ?, 1)", [REGION]))).to.equal("CS005");
    });
  });

  describe("lets progress move", () => {
    const move = (streams: string, from: string, to: string) =>
      refusal(db.raw("select castle_move_progress(?, ?, ?)", [streams, from, to]));

    it("from where it stands, in all streams or in none: CS003", async () => {
      expect(await move("{BTCUSDT,wallet}", "{0,0}", "{3,2}")).to.equal("nothing");
      expect(await move("{BTCUSDT,wallet}", "{3,0}", "{4,3}")).to.equal("CS003");
      expect(await move("{ADAUSDT}", "{0}", "{1}")).to.equal("CS003");
      const rows = await db("progress").orderBy("stream").select();
      expect(rows.map(({ stream, applied_seq }) => [stream, Number(applied_seq)])).to.deep.equal([
        ["BTCUSDT", 3],
        ["ETHUSDT", 0],
        ["wallet", 2],
      ]);
    });
  });

  it("keeps no balance below zero, but for what came from outside", async () => {
    const put = (account_id: number, free: number, locked = 0) =>
      refusal(db("balance").insert({ account_id, asset: "USDT", free, locked }));
    expect(await put(0, -5)).to.equal("nothing");
    expect(await put(1, -1)).to.equal("23514");
    expect(await put(2, 0, -1)).to.equal("23514");
    await put(3, 1);
    expect(await refusal(db("balance").where({ account_id: 3 }).update({ free: -1 }))).to.equal("23514");
  });

  it("is not migrated while commands are accepted and not applied", async () => {
    await appendToLog(db, [order(1)]);
    const error = await db.raw(engineLeads).then(
      () => null,
      ({ message }: Error) => message,
    );
    expect(error).to.contain("close the gate and wait for the engine, then migrate");
  });
});
