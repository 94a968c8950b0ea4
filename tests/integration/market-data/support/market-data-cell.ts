import { setTimeout } from "node:timers/promises";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion, type RegionName } from "@castle/regions/catalogue.ts";
import type { Gate } from "@castle/regions/role.ts";
import type { CellConfig } from "@castle/services/kernel/config.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { createLogger } from "@castle/services/kernel/log.ts";
import { type MarketDataOptions, startMarketData } from "@castle/services/market-data/market-data.ts";
import { metrics } from "@castle/services/market-data/metrics.ts";
import { ActiveCell } from "../../support/active-cell.ts";
import { ScriptedEngine } from "../../support/scripted-engine.ts";
import { StreamClient } from "./stream-client.ts";

/** The market-data service in a cell of real servers. What an engine would apply, and say, a test plays. */
export class MarketDataCell {
  readonly cell: ActiveCell;
  readonly engine: ScriptedEngine;
  readonly config: CellConfig;
  readonly #clients: StreamClient[] = [];
  #service: Awaited<ReturnType<typeof startMarketData>> | null = null;

  private constructor(cell: ActiveCell, engine: ScriptedEngine) {
    this.cell = cell;
    this.engine = engine;
    this.config = cell.config("market-data", "market-data-0");
  }

  static async start(): Promise<MarketDataCell> {
    const cell = await ActiveCell.start();
    const engine = await ScriptedEngine.start(cell.db);
    await engine.lead(1);
    return new MarketDataCell(cell, engine);
  }

  get db(): ActiveCell["db"] {
    return this.cell.db;
  }

  get servers(): ActiveCell["servers"] {
    return this.cell.servers;
  }

  /** Resolves when it follows the engine. */
  async startService(limits: MarketDataOptions["limits"] = {}): Promise<void> {
    const { config } = this;
    const { witness } = this.cell;
    this.#service = await startMarketData({ config, log: createLogger(config), witness, limits });
    await this.following();
  }

  following(): Promise<void> {
    return until(
      async () => this.engine.subscribers > 0 && (await this.health()).body["following"] === true,
      {
        what: "market-data to follow the engine",
        withinMs: 30_000,
      },
    );
  }

  async stopService(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  url(path: string): string {
    return `ws://127.0.0.1:${this.#service?.port}${path}`;
  }

  async connect(path: string): Promise<StreamClient> {
    const client = await StreamClient.connect(this.url(path));
    this.#clients.push(client);
    return client;
  }

  /** Connects as a trader does after a restart: again and again, as long as the service refuses. */
  async reconnect(path: string): Promise<StreamClient> {
    for (;;) {
      try {
        return await this.connect(path);
      } catch (error) {
        if (!(error instanceof Error && error.message.includes("503"))) throw error;
        await setTimeout(20);
      }
    }
  }

  /** The engine says what it applied, in one message. */
  publish(...outcomes: readonly Outcome[]): void {
    this.engine.publish(...outcomes);
  }

  /** What the edge would see. */
  async health(): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${this.#service?.internalPort}/healthz/active`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** How often outcomes were read from the database so far, whatever made it necessary. */
  async repairs(): Promise<number> {
    const { values } = await metrics.repairs.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  /** Gives the cell's database another epoch and region, its gate as told; at home the engine leads in it. */
  async raiseEpoch(raised: number, region: RegionName, gate: Gate): Promise<void> {
    await this.cell.raiseEpoch(raised, region);
    if (region === homeRegion) await this.engine.lead(raised);
    await this.cell.setGate(gate, raised);
  }

  /** Lets the witness name the peer, in an epoch after `held`, as a handover does first. */
  async handOver(held: number): Promise<void> {
    const { witness } = this.cell;
    for (;;) {
      const { epoch: from, activeRegion } = await witness.read();
      if (from > held && activeRegion === peerRegion) return;
      await witness.change({
        kind: "hand-over",
        from,
        to: activeRegion === homeRegion ? peerRegion : homeRegion,
        by: `test, past ${from}`,
        consentToLoss: true,
      });
    }
  }

  endClients(): void {
    for (const client of this.#clients.splice(0)) client.end();
  }

  async stop(): Promise<void> {
    this.endClients();
    await this.stopService();
    await this.engine.stop();
    await this.cell.stop();
  }
}
