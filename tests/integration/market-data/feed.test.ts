import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { type Outcome, outcomeChannel } from "@castle/services/kernel/domain/outcome.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import {
  OutcomeFeed,
  type OutcomeFeedOptions,
  type RepairCause,
} from "@castle/services/market-data/feed/outcome-feed.ts";
import { expect } from "chai";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { pino } from "pino";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { AppliedMarket } from "./support/applied-market.ts";

const NEVER_MS = 3_600_000;

/** A feed, and everything it told. */
interface Follower {
  readonly feed: OutcomeFeed;
  readonly redis: Redis;
  readonly begins: ReadonlyMap<StreamId, Seq>[];
  readonly told: Outcome[];
  readonly causes: RepairCause[];
  readonly broken: string[];
}

describe("the outcome feed, on real PostgreSQL and Redis", () => {
  let servers: CellServers;
  let db: Knex;
  let producer: Redis;
  let market: AppliedMarket;
  const followers: Follower[] = [];

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: ["BTCUSDT"] } });
    db = connectDatabase(servers.databaseUrl, { name: "test", max: 4 });
    producer = connectRedis(servers.redisUrl, "producer");
    market = await AppliedMarket.open(db, "BTCUSDT");
  });
  afterEach(() => {
    for (const { feed, redis } of followers.splice(0)) {
      feed.close();
      redis.disconnect();
    }
  });
  after(async () => {
    producer?.disconnect();
    await db?.destroy();
    await servers?.stop();
  });

  /** Without a poll unless asked for, so that nothing but what the test is about can tell. */
  function follower(options: Partial<OutcomeFeedOptions> = {}): Follower {
    const redis = connectRedis(servers.redisUrl, "subscriber");
    const kept = { redis, begins: [], told: [], causes: [], broken: [] } as Omit<Follower, "feed">;
    const feed = new OutcomeFeed({
      ...{ db, redis, streams: ["BTCUSDT"], log: pino({ level: "silent" }), pollEveryMs: NEVER_MS },
      believable: () => true,
      onOpen: (positions) => kept.begins.push(positions),
      onOutcome: (outcome) => kept.told.push(outcome),
      onBroken: (because) => kept.broken.push(because),
      onRepair: (cause) => kept.causes.push(cause),
      ...options,
    });
    const made = { ...kept, feed };
    followers.push(made);
    return made;
  }

  async function opened(options: Partial<OutcomeFeedOptions> = {}): Promise<Follower> {
    const made = follower(options);
    await until("it is connected", () => made.redis.status === "ready");
    await made.feed.open();
    await until("it is subscribed", async () => (await subscribers()) === followers.length);
    return made;
  }

  async function subscribers(): Promise<number> {
    const [, count] = (await producer.pubsub("NUMSUB", outcomeChannel("BTCUSDT"))) as [string, number];
    return count;
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`waited 60 s in vain until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const publish = (...outcomes: Outcome[]) =>
    producer.publish(outcomeChannel("BTCUSDT"), JSON.stringify(outcomes));
  const toldUpTo = ({ told }: Follower, seq: Seq) => until(`${seq} is told`, () => told.at(-1)?.seq === seq);
  const seqs = ({ told }: Follower): Seq[] => told.map((outcome) => outcome.seq);
  const range = (from: Seq, to: Seq): Seq[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  it("begins behind what is applied, and takes messages as they come", async () => {
    await market.refuseCancel();
    const one = await opened();
    const start = market.seq;
    expect(one.begins).to.deep.equal([new Map([["BTCUSDT", start]])]);
    const outcomes = [await market.refuseCancel(), await market.refuseCancel()];
    await publish(...outcomes);
    await toldUpTo(one, market.seq);
    expect(one.told).to.deep.equal(outcomes);
    expect(one.causes).to.deep.equal([]);
  });

  it("reads a gap from the database as soon as it shows, page after page", async () => {
    const one = await opened();
    const start = market.seq;
    await market.rest("BUY", "100", "1");
    await db.raw(
      `insert into outcome select stream, seq + n, jsonb_set(body::jsonb, '{seq}', to_jsonb(seq + n))::text
       from outcome, generate_series(1, 1200) n where stream = 'BTCUSDT' and seq = ?`,
      [market.seq],
    );
    await db("progress")
      .where({ stream: "BTCUSDT" })
      .update({ applied_seq: market.seq + 1_200 });
    market = await AppliedMarket.open(db, "BTCUSDT");
    await publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
    expect(seqs(one)).to.deep.equal(range(start + 1, market.seq));
    expect(one.causes).to.deep.equal(["gap"]);
  });

  it("reads what was published while its connection to Redis was down", async () => {
    const one = await opened();
    const start = market.seq;
    await servers.redis.daemon.kill();
    await market.refuseCancel();
    await servers.redis.start();
    await toldUpTo(one, market.seq);
    expect(seqs(one)).to.deep.equal([start + 1]);
    expect(one.causes).to.deep.equal(["reconnect"]);
    await until(
      "it is subscribed again",
      async () => producer.status === "ready" && (await subscribers()) === 1,
    );
    await publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
  });

  it("finds by polling what no message told", async () => {
    const one = await opened({ pollEveryMs: 20 });
    await market.refuseCancel();
    await toldUpTo(one, market.seq);
    expect(one.causes).to.deep.equal(["silence"]);
  });

  it("takes a message that may not be believed for a hint to read", async () => {
    const one = await opened({ believable: () => false });
    const outcome = await market.refuseCancel();
    await publish({ ...outcome, clientId: "not what is committed" });
    await toldUpTo(one, market.seq);
    expect(one.told).to.deep.equal([outcome]);
  });

  it("is broken when the database lacks an outcome that a later one follows", async () => {
    const one = await opened();
    const lost = await market.refuseCancel();
    await db("outcome").where({ stream: "BTCUSDT", seq: lost.seq }).delete();
    await publish(await market.refuseCancel());
    await until("it says so", () => one.broken.length > 0);
    expect(one.broken).to.deep.equal([
      `stream BTCUSDT: the database has no outcome ${lost.seq}, and later ones exist`,
    ]);
    expect(one.told).to.deep.equal([]);
    expect(one.feed.isOpen).to.equal(false);
  });

  it("is broken when the database has applied less than was told", async () => {
    const one = await opened({ pollEveryMs: 20 });
    const outcome = await market.refuseCancel();
    await publish(outcome, { ...outcome, seq: outcome.seq + 1 });
    await until("it says so", () => one.broken.length > 0);
    expect(one.broken[0]).to.equal(
      `stream BTCUSDT: told up to ${outcome.seq + 1}, and the database has applied ${outcome.seq}`,
    );
  });

  it("does not open any more when it was closed meanwhile, and tells nothing once closed", async () => {
    const one = follower();
    const opening = one.feed.open();
    one.feed.close();
    await opening;
    expect(one.feed.isOpen).to.equal(false);
    expect(one.begins).to.deep.equal([]);
    await one.feed.open();
    one.feed.close();
    const other = follower();
    await other.feed.open();
    await until("the other is subscribed", async () => (await subscribers()) === 1);
    await publish(await market.refuseCancel());
    await toldUpTo(other, market.seq);
    expect(one.told).to.deep.equal([]);
  });

  it("does not open on a database that lacks a stream, and names it", async () => {
    const one = follower({ streams: ["BTCUSDT", "ADAUSDT"] });
    const error = await one.feed.open().then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.message).to.contain("no stream ADAUSDT");
    expect(one.feed.isOpen).to.equal(false);
  });
});
