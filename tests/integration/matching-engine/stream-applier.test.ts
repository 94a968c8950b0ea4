import { until } from "@castle/lab/processes/until.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { sqlState, sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import {
  type Command,
  EXTERNAL_ACCOUNT,
  type Seq,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { type CommittedChunk, StreamApplier } from "@castle/services/matching-engine/stream-applier.ts";
import { assert } from "chai";
import { cancel, limit } from "../../unit/matching-engine/support/orders.ts";
import { onEthereum, randomCommands } from "./support/random-commands.ts";
import { firstEpoch, Stage } from "./support/stage.ts";
import { WithholdingProxy } from "./support/withholding-proxy.ts";

const BTC = "BTCUSDT";
const deposit = (asset: string, amount: bigint): Command => ({ kind: "deposit", asset, amount });
const fillers = (count: number) =>
  Array.from({ length: count }, () => [1, limit("SELL", "1", "100")] as const);

const failureOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => assert.fail("it should have failed"),
    (error: Error) => error,
  );

describe("applying a stream", () => {
  let stage: Stage;
  const opened: StreamApplier[] = [];
  const told: CommittedChunk[] = [];

  const applier = (stream = BTC, options: { epoch?: number; databaseUrl?: string } = {}): StreamApplier => {
    const one = new StreamApplier({
      databaseUrl: options.databaseUrl ?? stage.servers.databaseUrl,
      name: "engine-under-test",
      stream,
      holder: { epoch: epoch(options.epoch ?? 1), region: "eu-west-1" },
      onCommitted: (chunk) => told.push(chunk),
    });
    opened.push(one);
    return one;
  };
  const toldSeqs = (): Seq[] =>
    told.flatMap(({ outcomes }) => outcomes.map((outcome) => (JSON.parse(outcome) as Outcome).seq));

  before(async () => {
    stage = await Stage.set();
  });
  beforeEach(async () => {
    await stage.clear();
    told.length = 0;
  });
  afterEach(async () => {
    await stage.releaseBalances();
    await Promise.all(opened.splice(0).map((one) => one.stop()));
  });
  after(() => stage?.strike());

  it("applies in order, up to the mark and not beyond", async () => {
    await stage.accept(
      BTC,
      [1, 2, 3, 4, 5].map((n) => [1, limit("SELL", "1", `10${n}`)] as const),
    );
    const engine = applier();
    await engine.applyUpTo(3);
    assert.equal(await stage.appliedSeq(BTC), 3);
    assert.deepEqual(toldSeqs(), [1, 2, 3]);
    assert.lengthOf(await stage.db("orders").select(), 3);
    await engine.applyUpTo(2);
    await engine.applyUpTo(5);
    assert.deepEqual(toldSeqs(), [1, 2, 3, 4, 5]);
    await stage.requireWholeAndOnce();
  });

  it("brings money in through the wallet stream, and never twice the same account", async () => {
    const open: Command = { kind: "open-account", apiKey: "key", sealedSecret: "sealed" };
    await stage.accept(WALLET_STREAM, [
      [7, open],
      [7, deposit("BTC", 5n)],
      [8, open],
      [7, deposit("BTC", 6n)],
    ]);
    const wallets = applier(WALLET_STREAM);
    await wallets.applyUpTo(2);
    await wallets.applyUpTo(4);
    const accounts = await stage.db("account").select();
    assert.deepEqual(accounts, [{ account_id: "7", api_key: "key", sealed_secret: "sealed" }]);
    const balances = await stage.db("balance").orderBy("account_id").select("account_id", "free");
    assert.deepEqual(balances, [
      { account_id: String(EXTERNAL_ACCOUNT), free: "-11" },
      { account_id: "7", free: "11" },
    ]);
    await stage.requireWholeAndOnce();
  });

  it("writes what the reference tells, over many chunks and every kind of order", async () => {
    const last = await stage.accept(BTC, randomCommands(3));
    assert.isAbove(last, 500, "more than one chunk");
    await applier().applyUpTo(last);
    assert.isAbove(told.length, 1);
    await stage.requireWholeAndOnce();
  });

  it("recovers the book from the database, wherever another engine stopped", async () => {
    const last = await stage.accept(BTC, randomCommands(4));
    for (let upTo = 37; upTo < last + 37; upTo += 37) await applier().applyUpTo(Math.min(upTo, last));
    await stage.requireWholeAndOnce();
  });

  it("reloads its book when somebody else has moved the stream meanwhile", async () => {
    const last = await stage.accept(BTC, randomCommands(5));
    const [one, other] = [applier(), applier()];
    for (let upTo = 1; upTo <= last; upTo += 1) await (upTo % 3 === 0 ? one : other).applyUpTo(upTo);
    await stage.requireWholeAndOnce();
  });

  it("lets two engines race for one stream without applying anything twice", async () => {
    const last = await stage.accept(BTC, randomCommands(6));
    await Promise.all([applier().applyUpTo(last), applier().applyUpTo(last)]);
    await stage.requireWholeAndOnce();
  });

  it("applies streams that share balances side by side", async () => {
    const commands = randomCommands(7);
    const inEth = commands.map(([accountId, command]) => [accountId, onEthereum(command)] as const);
    const [btc, eth] = [await stage.accept(BTC, commands), await stage.accept("ETHUSDT", inEth)];
    await Promise.all([applier(BTC).applyUpTo(btc), applier("ETHUSDT").applyUpTo(eth)]);
    await stage.requireWholeAndOnce();
  });

  it("takes balances in the order of accounts, as acceptance does, for any other could deadlock", async () => {
    const last = await stage.accept(BTC, [
      [3, limit("SELL", "1", "100")],
      [2, limit("BUY", "1", "100")],
      [1, limit("SELL", "1", "100")],
      [3, limit("BUY", "1", "100")],
    ]);
    await stage.holdBalances(2);
    const done = applier().applyUpTo(last);
    await stage.blockedEngine();
    const isFree = (accountId: number) =>
      stage
        .db("balance")
        .where({ account_id: accountId })
        .forUpdate()
        .skipLocked()
        .select()
        .then((rows) => rows.length > 0);
    assert.deepEqual([await isFree(1), await isFree(3)], [false, true]);
    await stage.releaseBalances();
    await done;
    await stage.requireWholeAndOnce();
  });

  it("works while balances are below zero, as in the middle of a recovery", async () => {
    const last = await stage.accept(BTC, [
      [1, limit("SELL", "2", "100")],
      [2, limit("BUY", "2", "100")],
    ]);
    await applier().applyUpTo(last);
    assert.lengthOf(await stage.db("balance").where("free", "<", 0).select(), 2);
    await stage.requireWholeAndOnce();
  });

  describe("refuses", () => {
    it("to write in an epoch that is over", async () => {
      const last = await stage.accept(BTC, randomCommands(8).slice(0, 10));
      const engine = applier();
      await engine.applyUpTo(4);
      await stage.raiseEpoch(epoch(2), "eu-central-1");
      assert.equal(sqlStateOf(await failureOf(engine.applyUpTo(last))), sqlState.staleEpoch);
      assert.equal(await stage.appliedSeq(BTC), 4);
      assert.deepEqual(toldSeqs(), [1, 2, 3, 4]);
    });

    it("to write in its own region's next epoch as the one before", async () => {
      await stage.accept(BTC, [[1, limit("SELL", "1", "100")]]);
      await stage.raiseEpoch(epoch(2), "eu-west-1");
      assert.equal(sqlStateOf(await failureOf(applier(BTC, { epoch: 1 }).applyUpTo(1))), sqlState.staleEpoch);
      await applier(BTC, { epoch: 2 }).applyUpTo(1);
      await stage.requireWholeAndOnce();
    });

    it("to apply anything twice, even when the database forgets how far it was", async () => {
      const last = await stage.accept(BTC, [
        [1, limit("SELL", "2", "100")],
        [2, limit("BUY", "2", "100")],
      ]);
      await applier().applyUpTo(last);
      await stage.db("progress").where({ stream: BTC }).update({ applied_seq: 0 });
      assert.equal(sqlStateOf(await failureOf(applier().applyUpTo(last))), sqlState.uniqueViolation);
      await stage.db("progress").where({ stream: BTC }).update({ applied_seq: last });
      await stage.requireWholeAndOnce();
    });

    it("to go past a command that is missing, and names it", async () => {
      await stage.accept(
        BTC,
        [1, 2, 3].map(() => [1, limit("SELL", "1", "100")] as const),
      );
      await stage.db("command").where({ stream: BTC, seq: 2 }).delete();
      const error = await failureOf(applier().applyUpTo(3));
      assert.match(error.message, /command 2 of stream BTCUSDT is not in the database.*stays at 0/);
      assert.equal(await stage.appliedSeq(BTC), 0);
    });

    it("a stream that the database does not know, and says what to do", async () => {
      const error = await failureOf(applier("SOLUSDT").applyUpTo(1));
      assert.match(error.message, /"SOLUSDT" has no row in progress; bootstrap .* CASTLE_SYMBOLS/);
    });
  });

  describe("leaves every effect once", () => {
    const fill = [
      [1, limit("SELL", "2", "100")],
      [2, limit("BUY", "1", "100")],
      [1, cancel(1)],
    ] as const;

    it("when its connection is killed in the middle of a transaction", async () => {
      const last = await stage.accept(BTC, fill);
      const engine = applier();
      await engine.applyUpTo(1);
      await stage.holdBalances(2);
      const failure = failureOf(engine.applyUpTo(last));
      await stage.db.raw("select pg_terminate_backend(?)", [await stage.blockedEngine()]);
      await failure;
      await stage.releaseBalances();
      assert.equal(await stage.appliedSeq(BTC), 1);
      assert.deepEqual(toldSeqs(), [1]);
      await engine.applyUpTo(last);
      assert.deepEqual(toldSeqs(), [1, 2, 3]);
      await stage.requireWholeAndOnce();
    });

    it("when a chunk was committed and the answer got lost", async () => {
      const last = await stage.accept(BTC, fill);
      const { proxy, databaseUrl } = await WithholdingProxy.beforeDatabase(stage.servers.databaseUrl);
      const engine = applier(BTC, { databaseUrl });
      await stage.holdBalances(2);
      const failure = failureOf(engine.applyUpTo(last - 1));
      await stage.blockedEngine();
      proxy.withhold();
      await stage.releaseBalances();
      await until(async () => (await stage.appliedSeq(BTC)) === last - 1, {
        what: "the chunk to be committed",
        withinMs: 60_000,
      });
      proxy.cut();
      await failure;
      await engine.applyUpTo(last);
      await stage.requireWholeAndOnce();
      await proxy.close();
    });

    it("when it is stopped while its database does not answer", async () => {
      const last = await stage.accept(BTC, fill);
      const engine = applier();
      await stage.holdBalances(2);
      const failure = failureOf(engine.applyUpTo(last));
      await stage.blockedEngine();
      await engine.stop();
      await failure;
      // Its statement still waits in the database, and may be carried out once it can: nobody was told either way.
      await stage.releaseBalances();
      assert.deepEqual(toldSeqs(), []);
      await applier().applyUpTo(last);
      await stage.requireWholeAndOnce();
    });
  });

  it("stops in time when its database says nothing at all", async () => {
    await stage.accept(BTC, fillers(1));
    const { proxy, databaseUrl } = await WithholdingProxy.beforeDatabase(stage.servers.databaseUrl);
    const engine = applier(BTC, { databaseUrl });
    await engine.applyUpTo(1);
    proxy.withhold();
    await engine.stop();
    await proxy.close();
  });

  it("begins no chunk after it was stopped", async () => {
    await stage.accept(BTC, fillers(3));
    const engine = applier();
    await engine.stop();
    await engine.applyUpTo(3);
    assert.equal(await stage.appliedSeq(BTC), 0);
  });

  it("keeps the epoch of acceptance in what it tells, not its own", async () => {
    await stage.accept(BTC, fillers(1), firstEpoch);
    await stage.raiseEpoch(epoch(2), "eu-west-1");
    await applier(BTC, { epoch: 2 }).applyUpTo(1);
    assert.equal((JSON.parse(told[0]?.outcomes[0] ?? "{}") as Outcome).epoch, 1);
  });
});
