import { ActiveCell, SEAL_KEY } from "../../support/active-cell.ts";
import { EngineCaller } from "../../support/engine-caller.ts";
import { LiveMarket } from "../../support/live-market.ts";
import { ProjectionBlock, projectedToTheEnd } from "../../support/projection-block.ts";
import { RunningEngine } from "../../support/running-engine.ts";
import { QueryApi } from "./query-api.ts";

/** Everybody who trades in tests of queries. */
const ACCOUNTS = [7, 8, 17, 18, 37, 47];

/** Where what is asked about stands: in the tables, or in the engine's memory alone. */
export const places = ["the projection", "memory, with the projection blocked"] as const;
export type Place = (typeof places)[number];

/** A cell with a running engine, its markets, and the queries before it. */
export class QueryWorld {
  readonly cell: ActiveCell;
  readonly engine: RunningEngine;
  readonly caller: EngineCaller;
  readonly api: QueryApi;
  readonly btc: LiveMarket;
  readonly eth: LiveMarket;
  #block: ProjectionBlock | null = null;

  private constructor(cell: ActiveCell, engine: RunningEngine, caller: EngineCaller, api: QueryApi) {
    this.cell = cell;
    this.engine = engine;
    this.caller = caller;
    this.api = api;
    this.btc = new LiveMarket(caller, "BTCUSDT");
    this.eth = new LiveMarket(caller, "ETHUSDT");
  }

  static async start(): Promise<QueryWorld> {
    const cell = await ActiveCell.start();
    for (const asset of ["BTC", "ETH", "USDT"]) await cell.fund(ACCOUNTS, asset, 1_000_000_00000000n);
    const engine = await RunningEngine.start(cell);
    const caller = await EngineCaller.start(cell);
    await caller.ready();
    return new QueryWorld(cell, engine, caller, await QueryApi.listen(cell.db, caller.requests, SEAL_KEY));
  }

  /** From now on what happens is where `place` says. */
  async play(place: Place): Promise<void> {
    if (place !== "the projection") this.#block ??= await ProjectionBlock.begin(this.cell);
  }

  /** What happened so far is where `place` says: nothing is half way between. */
  async settle(place: Place): Promise<void> {
    if (place === "the projection") await projectedToTheEnd(this.cell);
  }

  async unblock(): Promise<void> {
    await this.#block?.end();
    this.#block = null;
    await projectedToTheEnd(this.cell);
  }

  async stop(): Promise<void> {
    await this.#block?.end();
    this.api.close();
    await this.caller.stop();
    await this.engine.stop();
    await this.cell.stop();
  }
}
