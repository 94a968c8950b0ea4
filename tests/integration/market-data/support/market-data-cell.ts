import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { homeRegion, peerRegion, type RegionName } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import { createWitnessTable, DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { CellConfig } from "@castle/services/kernel/config.ts";
import { loadConfig } from "@castle/services/kernel/config.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { type Outcome, outcomeChannel } from "@castle/services/kernel/domain/outcome.ts";
import { createLogger } from "@castle/services/kernel/log.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { type MarketDataOptions, startMarketData } from "@castle/services/market-data/market-data.ts";
import { metrics } from "@castle/services/market-data/metrics.ts";
import dynalite from "dynalite";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../../support/servers.ts";
import { StreamClient } from "./stream-client.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const WITNESS = { table: "castle-witness", region: "eu-west-3" } as const;

/** The market-data service on real servers: PostgreSQL, Redis, and a witness. */
export class MarketDataCell {
  readonly servers: CellServers;
  readonly db: Knex;
  readonly config: CellConfig;
  readonly witness: DynamoWitness;
  readonly #witnessServer: ReturnType<typeof dynalite>;
  readonly #redis: Redis;
  readonly #clients: StreamClient[] = [];
  #service: Awaited<ReturnType<typeof startMarketData>> | null = null;

  private constructor(
    servers: CellServers,
    witnessServer: ReturnType<typeof dynalite>,
    witnessEndpoint: string,
  ) {
    this.servers = servers;
    this.#witnessServer = witnessServer;
    this.db = connectDatabase(servers.databaseUrl, { name: "test", max: 3 });
    this.#redis = connectRedis(servers.redisUrl, "producer");
    this.witness = new DynamoWitness({ ...WITNESS, endpoint: witnessEndpoint });
    const config = loadConfig({
      CASTLE_REGION: "eu-west-1",
      CASTLE_SERVICE: "market-data",
      CASTLE_INSTANCE: "market-data-0",
      CASTLE_HOST: "127.0.0.1",
      CASTLE_PORT: "1",
      CASTLE_INTERNAL_PORT: "1",
      DATABASE_URL: servers.databaseUrl,
      JOURNAL_URL: servers.journalUrl,
      PEER_JOURNAL_URL: servers.journalUrl,
      REDIS_URL: servers.redisUrl,
      WITNESS_TABLE: WITNESS.table,
      WITNESS_REGION: WITNESS.region,
      WITNESS_ENDPOINT: witnessEndpoint,
      CASTLE_SEAL_KEY: randomBytes(32).toString("base64"),
      CASTLE_SYMBOLS: SYMBOLS.join(","),
      CASTLE_LOG_LEVEL: process.env["CASTLE_LOG_LEVEL"] ?? "silent",
    });
    // Any free port, which an environment cannot ask for.
    this.config = { ...config, port: 0, internalPort: 0 };
  }

  static async start(): Promise<MarketDataCell> {
    const servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: SYMBOLS } });
    const witnessServer = dynalite({ createTableMs: 0 });
    witnessServer.listen(0, "127.0.0.1");
    await once(witnessServer, "listening");
    const endpoint = `http://127.0.0.1:${(witnessServer.address() as AddressInfo).port}`;
    await createWitnessTable({ ...WITNESS, endpoint });
    const cell = new MarketDataCell(servers, witnessServer, endpoint);
    await cell.witness.create({
      epoch: epoch(1),
      activeRegion: "eu-west-1",
      mode: "solo",
      changedBy: "bootstrap",
    });
    return cell;
  }

  async startService(limits: MarketDataOptions["limits"] = {}): Promise<void> {
    const { config, witness } = this;
    this.#service = await startMarketData({ config, log: createLogger(config), witness, limits });
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

  /** Tells outcomes of one stream over Redis, in one message. */
  async publish(...outcomes: readonly Outcome[]): Promise<void> {
    const [first] = outcomes;
    if (this.#redis.status !== "ready") await once(this.#redis, "ready");
    if (first) await this.#redis.publish(outcomeChannel(first.stream), JSON.stringify(outcomes));
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

  /** Gives the cell's database another epoch and region, its gate as told. */
  async raiseEpoch(raised: number, region: RegionName, gate: Gate): Promise<void> {
    await this.db.raw("select castle_raise_epoch(?, ?)", [raised, region]);
    await this.setGate(raised, gate);
  }

  async setGate(held: number, gate: Gate): Promise<void> {
    await this.db.raw("select castle_set_gate(?, ?)", [held, gate]);
  }

  /** Lets the witness name the peer, in an epoch after `held`, as a handover does first. */
  async handOver(held: number): Promise<void> {
    for (;;) {
      const { epoch: from, activeRegion } = await this.witness.read();
      if (from > held && activeRegion === peerRegion) return;
      await this.witness.change({
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
    this.#redis.disconnect();
    this.witness.close();
    this.#witnessServer.close();
    await this.db.destroy();
    await this.servers.stop();
  }
}
