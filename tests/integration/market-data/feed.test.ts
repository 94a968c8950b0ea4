import { until as waitUntil } from "@castle/lab/processes/until.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import {
  OutcomeFeed,
  type OutcomeFeedOptions,
  type RepairCause,
} from "@castle/services/market-data/feed/outcome-feed.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { pino } from "pino";
import { ActiveCell } from "../support/active-cell.ts";
import { ScriptedEngine } from "../support/scripted-engine.ts";
import { AppliedMarket } from "./support/applied-market.ts";

/** A feed, and everything it told. */
interface Follower {
  readonly feed: OutcomeFeed;
  readonly client: EngineClient;
  readonly begins: ReadonlyMap<StreamId, Seq>[];
  readonly told: Outcome[];
  readonly causes: RepairCause[];
  readonly broken: string[];
}

describe("the outcome feed, on a real PostgreSQL and a line", () => {
  let cell: ActiveCell;
  let db: Knex;
  let roleDb: Knex;
  let roles: RoleWatch;
  let engine: ScriptedEngine;
  let market: AppliedMarket;
  const log = pino({ level: "silent" });
  const followers: Follower[] = [];

  before(async () => {
    cell = await ActiveCell.start();
    ({ db } = cell);
    engine = await ScriptedEngine.start(db);
    await engine.lead(1);
    roleDb = connectDatabase(cell.servers.databaseUrl, { name: "role", max: 1 });
    roles = new RoleWatch({ db: roleDb, region: "eu-west-1", log, intervalMs: 20 });
    await roles.start();
    market = await AppliedMarket.open(db, "BTCUSDT");
  });
  afterEach(async () => {
    for (const { feed, client } of followers.splice(0)) {
      feed.close();
      client.close();
    }
    await until("nobody follows", () => engine.subscribers === 0);
  });
  after(async () => {
    roles?.stop();
    await engine?.stop();
    await roleDb?.destroy();
    await cell?.stop();
  });

  function follower(options: Partial<OutcomeFeedOptions> = {}): Follower {
    const config = cell.config("market-data", "market-data-0");
    const client = new EngineClient({ config, roles, log });
    const kept = { client, begins: [], told: [], causes: [], broken: [] } as Omit<Follower, "feed">;
    const feed = new OutcomeFeed({
      ...{ db, engine: client, streams: ["BTCUSDT"], log },
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
    const subscribed = engine.subscribers + 1;
    made.feed.open();
    await until("it follows", () => made.feed.isOpen && engine.subscribers === subscribed);
    return made;
  }

  const until = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
    waitUntil(holds, { what: `that ${what}`, withinMs: 30_000, everyMs: 5 });
  const toldUpTo = ({ told }: Follower, seq: Seq) => until(`${seq} is told`, () => told.at(-1)?.seq === seq);
  const seqs = ({ told }: Follower): Seq[] => told.map((outcome) => outcome.seq);
  const range = (from: Seq, to: Seq): Seq[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  it("begins where the engine says, and takes outcomes as they come", async () => {
    await market.refuseCancel();
    const one = await opened();
    const start = market.seq;
    expect(one.begins).to.deep.equal([new Map([["BTCUSDT", start]])]);
    const outcomes = [await market.refuseCancel(), await market.refuseCancel()];
    engine.publish(...outcomes);
    await toldUpTo(one, market.seq);
    expect(one.told).to.deep.equal(outcomes);
    expect(one.causes).to.deep.equal([]);
  });

  it("hands each on once and in order, however they come", async () => {
    const one = await opened();
    const start = market.seq;
    const outcomes: Outcome[] = [];
    for (let n = 0; n < 5; n += 1) outcomes.push(await market.refuseCancel());
    const [a, b, c, d, e] = outcomes as [Outcome, Outcome, Outcome, Outcome, Outcome];
    for (const some of [[b], [a, a], [d, c], [c, b, e], [e]]) engine.publish(...some);
    await toldUpTo(one, market.seq);
    expect(seqs(one)).to.deep.equal(range(start + 1, market.seq));
    expect(one.told).to.deep.equal(outcomes);
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
    engine.publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
    expect(seqs(one)).to.deep.equal(range(start + 1, market.seq));
    expect(one.causes).to.deep.equal(["gap"]);
  });

  it("reads what was applied while its line was down, and says where it goes on", async () => {
    const one = await opened();
    engine.publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
    const last = market.seq;
    engine.cut();
    await market.refuseCancel();
    await toldUpTo(one, market.seq);
    expect(engine.subscriptions.at(-1)).to.deep.equal({ BTCUSDT: last });
    expect(one.causes).to.deep.equal(["reconnect"]);
    engine.publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
    expect(one.begins, "for its own readers nothing begins anew").to.have.length(1);
  });

  it("waits for what is not projected yet, instead of calling it lost", async () => {
    const one = await opened();
    const missed = await market.refuseCancel();
    await db("progress")
      .where({ stream: "BTCUSDT" })
      .update({ applied_seq: missed.seq - 1 });
    await db("outcome").where({ stream: "BTCUSDT", seq: missed.seq }).delete();
    engine.publish({ ...missed, seq: missed.seq + 1 });
    await until("it repairs", () => one.causes.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([one.told, one.broken]).to.deep.equal([[], []]);
    await db("outcome").insert({ stream: "BTCUSDT", seq: missed.seq, body: JSON.stringify(missed) });
    await db("progress").where({ stream: "BTCUSDT" }).update({ applied_seq: missed.seq });
    await toldUpTo(one, missed.seq + 1);
    expect(one.broken).to.deep.equal([]);
    await db("outcome").insert({
      ...{ stream: "BTCUSDT", seq: missed.seq + 1 },
      body: JSON.stringify({ ...missed, seq: missed.seq + 1 }),
    });
    await db("progress")
      .where({ stream: "BTCUSDT" })
      .update({ applied_seq: missed.seq + 1 });
    await db("stream")
      .where({ name: "BTCUSDT" })
      .update({ last_seq: missed.seq + 1 });
    market = await AppliedMarket.open(db, "BTCUSDT");
  });

  it("is broken when the projection has passed an outcome that it lacks", async () => {
    const one = await opened();
    const lost = await market.refuseCancel();
    await db("outcome").where({ stream: "BTCUSDT", seq: lost.seq }).delete();
    engine.publish(await market.refuseCancel());
    await until("it says so", () => one.broken.length > 0);
    expect(one.broken).to.deep.equal([
      `stream BTCUSDT: outcome ${lost.seq} is missing, and the projection has come to ${market.seq}`,
    ]);
    expect(one.told).to.deep.equal([]);
    expect(one.feed.isOpen).to.equal(false);
  });

  it("tells nothing once it is closed, and begins anew when it is opened again", async () => {
    const one = await opened();
    one.feed.close();
    engine.publish(await market.refuseCancel());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([one.told, one.feed.isOpen]).to.deep.equal([[], false]);
    one.feed.open();
    await until("it follows again", () => one.feed.isOpen);
    expect(one.begins.at(-1)).to.deep.equal(new Map([["BTCUSDT", market.seq]]));
    engine.publish(await market.refuseCancel());
    await toldUpTo(one, market.seq);
    expect(seqs(one)).to.deep.equal([market.seq]);
  });

  it("keeps to the streams that it was opened for", async () => {
    const one = await opened();
    const eth = await AppliedMarket.open(db, "ETHUSDT");
    engine.publish(await eth.refuseCancel(), await market.refuseCancel());
    await toldUpTo(one, market.seq);
    expect(one.told.map(({ stream }) => stream)).to.deep.equal(["BTCUSDT"]);
  });
});
