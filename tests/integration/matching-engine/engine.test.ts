import { PortBlock } from "@castle/lab/ports.ts";
import { until } from "@castle/lab/processes/until.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { type Seq, type StreamId, WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { type Doorbell, type Outcome, outcomeChannel } from "@castle/services/kernel/domain/outcome.ts";
import { DoorbellSeal } from "@castle/services/kernel/doorbell-seal.ts";
import { openDoorbell } from "@castle/services/kernel/queues.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import { Engine } from "@castle/services/matching-engine/engine.ts";
import type { Queue } from "bullmq";
import { assert } from "chai";
import type { Redis } from "ioredis";
import { type Logger, pino } from "pino";
import { limit } from "../../unit/matching-engine/support/orders.ts";
import { EngineProcess, SEAL_KEY } from "./support/engine-process.ts";
import { firstEpoch, Stage, SYMBOLS } from "./support/stage.ts";

const [BTC, ETH] = SYMBOLS;
const seal = new DoorbellSeal(SEAL_KEY);

describe("the matching engine", () => {
  let stage: Stage;
  let ports: PortBlock;
  let redis: Redis;
  let listener: Redis;
  const queues = new Map<StreamId, Queue<Doorbell>>();
  const engines: EngineProcess[] = [];
  const told: Outcome[] = [];

  const start = async (): Promise<EngineProcess> => {
    const engine = await EngineProcess.start(stage.servers, await ports.take());
    engines.push(engine);
    return engine;
  };
  const ring = async (stream: StreamId, upTo: Seq, inEpoch: Epoch = firstEpoch): Promise<void> => {
    await queues.get(stream)?.add("ring", seal.sealed(stream, { epoch: inEpoch, upTo }));
  };
  const inProcess = (watch: RoleWatch, log: Logger): Engine =>
    new Engine({
      ...{ name: "engine-in-process", region: "eu-west-1", streams: [BTC], watch, log },
      ...{ databaseUrl: stage.servers.databaseUrl, workerRedis: redis, producerRedis: redis, seal },
    });
  const applied = (stream: StreamId, seq: Seq): Promise<void> =>
    until(async () => (await stage.appliedSeq(stream)) === seq, {
      what: `stream ${stream} to be applied up to ${seq}`,
      withinMs: 60_000,
    });
  const answered = (stream: StreamId): Promise<void> =>
    until(async () => (await queues.get(stream)?.getJobCountByTypes("wait", "active")) === 0, {
      what: `every doorbell of ${stream} to be answered`,
      withinMs: 60_000,
    });
  const asks = (count: number) =>
    Array.from({ length: count }, () => [1, limit("SELL", "1", "100")] as const);
  const bids = (count: number) => Array.from({ length: count }, () => [2, limit("BUY", "1", "100")] as const);

  before(async () => {
    stage = await Stage.set();
    ports = await PortBlock.claim();
    redis = connectRedis(stage.servers.redisUrl, "worker");
    listener = connectRedis(stage.servers.redisUrl, "subscriber");
    for (const stream of [WALLET_STREAM, ...SYMBOLS]) queues.set(stream, openDoorbell(stream, redis));
    await listener.subscribe(outcomeChannel(BTC), outcomeChannel(ETH));
    listener.on("message", (_channel, message) => told.push(...(JSON.parse(message) as Outcome[])));
  });
  beforeEach(async () => {
    await stage.clear();
    await redis.flushall();
    told.length = 0;
  });
  afterEach(async () => {
    await stage.releaseBalances();
    await Promise.all(engines.splice(0).map((engine) => engine.end("SIGKILL")));
  });
  after(async () => {
    await Promise.all([...queues.values()].map((queue) => queue.close()));
    redis?.disconnect();
    listener?.disconnect();
    await ports?.release();
    await stage?.strike();
  });

  it("applies what a doorbell announces, and tells the outcomes in order once they are committed", async () => {
    await start();
    const last = await stage.accept(BTC, [...asks(3), ...bids(2)]);
    await ring(BTC, last);
    await until(() => told.length === last, { what: "every outcome to be told", withinMs: 60_000 });
    assert.deepEqual(
      told.map((outcome) => [outcome.stream, outcome.seq]),
      [1, 2, 3, 4, 5].map((seq) => [BTC, seq]),
    );
    const stored = await stage.db("outcome").where({ stream: BTC }).orderBy("seq").select("body");
    assert.deepEqual(
      stored.map((row) => JSON.parse(row.body)),
      told,
    );
    await stage.requireWholeAndOnce();
  });

  it("does not answer a doorbell of another epoch", async () => {
    await start();
    await stage.accept(BTC, asks(2));
    await ring(BTC, 2, epoch(2));
    await ring(BTC, 1);
    await applied(BTC, 1);
    await answered(BTC);
    assert.equal(await stage.appliedSeq(BTC), 1);
  });

  it("answers what was rung before it came", async () => {
    const last = await stage.accept(BTC, asks(2));
    await ring(BTC, last);
    await start();
    await applied(BTC, last);
  });

  it("goes on where one was killed in the middle of a transaction, each effect once", async () => {
    const killed = await start();
    const last = await stage.accept(BTC, [...asks(4), ...bids(4)]);
    await ring(BTC, 2);
    await applied(BTC, 2);
    await stage.holdBalances(2);
    await ring(BTC, last);
    await stage.blockedEngine();
    assert.equal(await killed.end("SIGKILL"), "SIGKILL");
    await stage.releaseBalances();
    await start();
    await ring(BTC, last);
    await applied(BTC, last);
    await stage.requireWholeAndOnce();
  });

  it("needs few transactions for a backlog of doorbells", async () => {
    const last = await stage.accept(BTC, [...asks(50), ...bids(50)]);
    for (let upTo = 1; upTo <= last; upTo += 1) await ring(BTC, upTo);
    const engine = await start();
    await applied(BTC, last);
    assert.match(await engine.metrics(), /castle_engine_apply_seconds_count\{stream="BTCUSDT"\} 1$/m);
    await stage.requireWholeAndOnce();
  });

  it("resumes by itself when Redis was killed and is back", async () => {
    await start();
    await stage.accept(BTC, asks(2));
    await ring(BTC, 1);
    await applied(BTC, 1);
    await stage.servers.redis.daemon.kill();
    await stage.servers.redis.start();
    await ring(BTC, 2);
    await applied(BTC, 2);
    await stage.requireWholeAndOnce();
  });

  it("resumes by itself when its Redis was a replica for a while", async () => {
    await start();
    await stage.accept(BTC, asks(2));
    await ring(BTC, 1);
    await applied(BTC, 1);
    await redis.call("replicaof", "127.0.0.1", "1");
    await until(async () => (await redis.info("clients")).includes("blocked_clients:0"), {
      what: "the workers to be thrown out of their wait",
      withinMs: 60_000,
    });
    await redis.call("replicaof", "no", "one");
    await ring(BTC, 2);
    await applied(BTC, 2);
  });

  it("stops when the role goes to the other region, and works again in its own next epoch", async () => {
    const engine = await start();
    await stage.accept(BTC, asks(3));
    await ring(BTC, 1);
    await applied(BTC, 1);
    await stage.raiseEpoch(epoch(2), "eu-central-1");
    await until(async () => (await engine.health("active")).status === 503, {
      what: "the engine to see that it is a standby",
      withinMs: 60_000,
    });
    await ring(BTC, 2);
    await stage.raiseEpoch(epoch(3), "eu-west-1");
    await until(async () => (await engine.health("active")).body["epoch"] === 3, {
      what: "the engine to see its new epoch",
      withinMs: 60_000,
    });
    await answered(BTC);
    assert.equal(await stage.appliedSeq(BTC), 1, "the doorbell of epoch 1 was for nobody any more");
    await ring(BTC, 3, epoch(3));
    await applied(BTC, 3);
    await stage.requireWholeAndOnce();
  });

  it("drops jobs that are no doorbells, says so, and answers the ones that are", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const db = connectDatabase(stage.servers.databaseUrl, { name: "watch", max: 1 });
    const watch = new RoleWatch({ db, region: "eu-west-1", log, intervalMs: 60_000 });
    await watch.start();
    const engine = inProcess(watch, log);
    try {
      const last = await stage.accept(BTC, asks(2));
      for (const data of [null, "up to the end", [], { epoch: firstEpoch }, { epoch: firstEpoch, upTo: -1 }])
        await queues.get(BTC)?.add("ring", data as never);
      await ring(BTC, last);
      await applied(BTC, last);
      await answered(BTC);
      assert.isTrue(lines.some((line) => line.includes("no doorbell was dropped")));
      assert.isFalse(lines.some((line) => line.includes("could not apply")));
    } finally {
      watch.stop();
      await engine.stop();
      await db.destroy();
    }
  });

  it("applies nothing past the mark on the word of a doorbell that no gateway sealed", async () => {
    await start();
    const last = await stage.accept(BTC, asks(5));
    const forged = { epoch: firstEpoch, upTo: last };
    const { seal: anothers } = seal.sealed(ETH, forged);
    const { seal: lower } = seal.sealed(BTC, { ...forged, upTo: 2 });
    for (const more of [
      {},
      { upTo: Number.MAX_SAFE_INTEGER },
      { seal: anothers },
      { seal: lower },
      { seal: "" },
    ])
      await queues.get(BTC)?.add("ring", { ...forged, ...more } as Doorbell);
    await answered(BTC);
    assert.equal(await stage.appliedSeq(BTC), 0);
    await ring(BTC, 2);
    await applied(BTC, 2);
  });

  it("applies what earlier epochs left when a runbook rings, which has no seal", async () => {
    await stage.accept(BTC, asks(3));
    await stage.raiseEpoch(epoch(2), "eu-west-1");
    await start();
    await queues.get(BTC)?.add("ring", { epoch: epoch(2), upTo: 3 });
    await applied(BTC, 3);
  });

  it("turns to the new epoch at once when the database refuses the old one", async () => {
    const db = connectDatabase(stage.servers.databaseUrl, { name: "watch", max: 1 });
    const log = pino({ level: "silent" });
    // It would look again in a minute by itself.
    const watch = new RoleWatch({ db, region: "eu-west-1", log, intervalMs: 60_000 });
    await watch.start();
    const engine = inProcess(watch, log);
    try {
      await stage.accept(BTC, asks(1));
      await stage.raiseEpoch(epoch(2), "eu-west-1");
      await ring(BTC, 1);
      await until(() => engine.check().detail["epoch"] === 2 && engine.check().ok, {
        what: "the engine to turn to epoch 2",
        withinMs: 60_000,
      });
      assert.equal(await stage.appliedSeq(BTC), 0);
      await ring(BTC, 1, epoch(2));
      await applied(BTC, 1);
    } finally {
      watch.stop();
      await engine.stop();
      await db.destroy();
    }
  });

  it("catches up while the gate is closed, as a cell does before it opens", async () => {
    await stage.raiseEpoch(epoch(2), "eu-west-1");
    const last = await stage.accept(BTC, asks(1));
    await start();
    await ring(BTC, last, epoch(2));
    await applied(BTC, last);
  });

  it("is ready while the database answers, and tells how far it is", async () => {
    const engine = await start();
    const last = await stage.accept(BTC, asks(2));
    await ring(BTC, last);
    await applied(BTC, last);
    assert.equal((await engine.health("ready")).status, 200);
    const active = await engine.health("active");
    assert.equal(active.status, 200);
    assert.deepInclude(active.body, {
      service: "matching-engine",
      region: "eu-west-1",
      role: "active",
      epoch: 1,
    });
    const metrics = await engine.metrics();
    assert.match(metrics, /castle_engine_commands_applied_total\{stream="BTCUSDT"\} 2/);
    assert.match(metrics, /castle_engine_applied_seq\{stream="BTCUSDT"\} 2/);
    assert.match(metrics, /castle_engine_apply_seconds_count\{stream="BTCUSDT"\} \d/);
  });

  it("says that it is not ready while the database is away, and comes back with it", async () => {
    const engine = await start();
    await stage.servers.database.daemon.kill();
    try {
      await until(async () => (await engine.health("ready")).status === 503, {
        what: "the engine to miss its database",
        withinMs: 60_000,
      });
    } finally {
      await stage.servers.database.start();
    }
    await until(async () => (await engine.health("active")).status === 200, {
      what: "the engine to be active again",
      withinMs: 60_000,
    });
    const last = await stage.accept(BTC, asks(1));
    await ring(BTC, last);
    await applied(BTC, last);
  });

  it("ends in good order on SIGTERM, also while Redis is away", async () => {
    const [calm, alone] = [await start(), await start()];
    assert.equal(await calm.end("SIGTERM"), 0);
    await stage.servers.redis.daemon.kill();
    try {
      assert.equal(await alone.end("SIGTERM"), 0);
    } finally {
      await stage.servers.redis.start();
    }
  });
});
