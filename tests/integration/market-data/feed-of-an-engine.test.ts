import { setTimeout as pause } from "node:timers/promises";
import { until } from "@castle/lab/processes/until.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import { OutcomeFeed } from "@castle/services/market-data/feed/outcome-feed.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { pino } from "pino";
import { ActiveCell, SYMBOLS } from "../support/active-cell.ts";
import { EngineCaller } from "../support/engine-caller.ts";
import { LineRelay } from "../support/line-relay.ts";
import { amount, LiveMarket } from "../support/live-market.ts";
import { ProjectionBlock, projectedToTheEnd } from "../support/projection-block.ts";
import { RunningEngine } from "../support/running-engine.ts";

const TRADERS = [1, 2, 3];

describe("the outcome feed over the lines of a running engine", () => {
  let cell: ActiveCell;
  let engine: RunningEngine;
  let caller: EngineCaller;
  let relay: LineRelay;
  let roleDb: Knex;
  let roles: RoleWatch;
  let client: EngineClient;
  let feed: OutcomeFeed;
  const begins: ReadonlyMap<StreamId, Seq>[] = [];
  const told: Outcome[] = [];
  const broken: string[] = [];
  const log = pino({ level: "silent" });

  before(async () => {
    cell = await ActiveCell.start();
    for (const asset of ["BTC", "ETH", "USDT"]) await cell.fund(TRADERS, asset, amount("1000000"));
    engine = await RunningEngine.start(cell);
    caller = await EngineCaller.start(cell);
    await caller.ready();
    relay = await LineRelay.listen();
    roleDb = connectDatabase(cell.servers.databaseUrl, { name: "role", max: 1 });
    roles = new RoleWatch({ db: roleDb, region: "eu-west-1", log, intervalMs: 20 });
    await roles.start();
    const config = cell.config("market-data", "market-data-0");
    client = new EngineClient({ config, roles: relay.before(roles), log });
    feed = new OutcomeFeed({
      ...{ db: cell.db, engine: client, streams: SYMBOLS, log },
      onOpen: (positions) => begins.push(positions),
      onOutcome: (outcome) => told.push(outcome),
      onBroken: (because) => broken.push(because),
      onRepair: () => undefined,
    });
    feed.open();
    await until(() => feed.isOpen, { what: "the feed to follow", withinMs: 30_000 });
  });
  after(async () => {
    feed?.close();
    client?.close();
    roles?.stop();
    await relay?.close();
    await roleDb?.destroy();
    await caller?.stop();
    await engine?.stop();
    await cell?.stop();
  });

  /** Trades until told to end. What is refused, or whose fate is unknown, while no engine leads is as well. */
  async function trade(stop: AbortSignal): Promise<void> {
    const worker = async (accountId: number, symbol: string): Promise<void> => {
      const market = new LiveMarket(caller, symbol);
      for (let n = 0; !stop.aborted; n += 1) {
        const resting = await market.limit("BUY", `${90 + (n % 10)}`, "0.1", accountId).catch(() => null);
        await market.market("SELL", "0.15", accountId).catch(() => null);
        if (resting && n % 3 === 0) await market.cancel(resting.seq, accountId).catch(() => null);
        if (!resting) await pause(20);
      }
    };
    await Promise.all(TRADERS.flatMap((account) => SYMBOLS.map((symbol) => worker(account, symbol))));
  }

  /** While `happen` goes on there is trade; then what was told is compared with what stands, from `from` on. */
  async function requireAllToldOnce(happen: () => Promise<void>): Promise<void> {
    const trading = new AbortController();
    const traded = trade(trading.signal);
    await happen();
    trading.abort();
    await traded;
    await projectedToTheEnd(cell);
    const [positions] = begins;
    for (const symbol of SYMBOLS) {
      const from = positions?.get(symbol) ?? 0;
      const rows = await cell
        .db("outcome")
        .where({ stream: symbol })
        .andWhere("seq", ">", from)
        .orderBy("seq");
      const stand = rows.map(({ body }) => JSON.parse(body) as Outcome);
      const ofSymbol = () => told.filter(({ stream }) => stream === symbol);
      await until(() => ofSymbol().length >= stand.length, {
        what: () => `${stand.length} outcomes of ${symbol} to be told, not ${ofSymbol().length}`,
        withinMs: 30_000,
      });
      expect(stand).to.have.length.of.at.least(10);
      expect(ofSymbol()).to.deep.equal(stand);
    }
    expect([broken, begins.length]).to.deep.equal([[], 1]);
  }

  it("loses nothing, doubles nothing and keeps the order while its line is cut again and again", () =>
    requireAllToldOnce(async () => {
      for (let n = 0; n < 8; n += 1) {
        await pause(50 + 40 * n);
        relay.cut();
        await until(() => client.isOpen && relay.connections > 0, { what: "a new line", withinMs: 30_000 });
      }
    }));

  it("does neither while the projection stands still: what it missed then comes from the engine's memory", () =>
    requireAllToldOnce(async () => {
      const block = await ProjectionBlock.begin(cell);
      try {
        for (let n = 0; n < 3; n += 1) {
          await pause(200);
          relay.cut();
          await until(() => client.isOpen && relay.connections > 0, { what: "a new line", withinMs: 30_000 });
        }
        await pause(200);
      } finally {
        await block.end();
      }
    }));

  it("does neither when the engine is stopped in good order, and another one takes over", () =>
    requireAllToldOnce(async () => {
      await pause(300);
      await engine.stop();
      engine = await RunningEngine.start(cell, { instance: "matching-engine-1" });
      await caller.ready();
      await pause(300);
    }));

  it("does neither when the engine loses its log in the middle of it all, and begins again", () =>
    requireAllToldOnce(async () => {
      for (let n = 0; n < 3; n += 1) {
        await pause(300);
        const { generation } = caller;
        await cell.db.raw(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'matching-engine-% log'",
        );
        await until(() => caller.client.status.leading && caller.generation > generation, {
          what: "the next generation to lead",
          withinMs: 30_000,
        });
      }
      await caller.ready();
      await pause(300);
    }));
});
