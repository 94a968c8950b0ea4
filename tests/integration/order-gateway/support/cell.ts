import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { epoch } from "@castle/regions/epoch.ts";
import { createWitnessTable, DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { WITNESS_ITEM } from "@castle/regions/witness/item.ts";
import { WITNESS_KEY } from "@castle/regions/witness/table.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import { signQuery } from "@castle/services/kernel/http/signature.ts";
import { seal } from "@castle/services/kernel/seal.ts";
import dynalite from "dynalite";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../../support/servers.ts";

const SEAL_KEY = Buffer.alloc(32, 7);
const ENTRY = fileURLToPath(new URL("../../../../services/order-gateway/main.ts", import.meta.url));

export interface TestTrader {
  readonly accountId: number;
  readonly apiKey: string;
  readonly secret: string;
}

/** Several, because each may send no more than a hundred orders in ten seconds. */
export const traders: readonly TestTrader[] = Array.from({ length: 10 }, (_, index) => ({
  accountId: 7 + index,
  apiKey: String(index).repeat(32),
  secret: `a secret of trader ${index} for tests only`,
}));
export const [trader] = traders as readonly [TestTrader, ...TestTrader[]];

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { code?: number };
  readonly headers: Headers;
}

export interface Gateway {
  readonly process: ChildProcess;
  readonly api: string;
  readonly internal: string;
  /** A signed request, as a trader sends it. */
  signed(method: string, path: string, parameters: Record<string, string>, by?: TestTrader): Promise<Answer>;
  health(): Promise<Answer>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** One cell with what its gateways need, on real servers: database, the peer's journal, Redis, witness. */
export class TestCell {
  readonly servers: CellServers;
  readonly db: Knex;
  readonly peerJournal: Knex;
  readonly peerJournalUrl: string;
  readonly witness: DynamoWitness;
  readonly #witnessServer: ReturnType<typeof dynalite>;
  readonly witnessEndpoint: string;
  readonly #gateways: Gateway[] = [];
  readonly #vouching: NodeJS.Timeout;
  /** Whether the peer's database follows: its gateways, which this cell has none of, tell the journal so. */
  peerFollows = true;

  private constructor(options: {
    servers: CellServers;
    peerJournalUrl: string;
    witnessServer: ReturnType<typeof dynalite>;
    witnessEndpoint: string;
  }) {
    this.servers = options.servers;
    this.peerJournalUrl = options.peerJournalUrl;
    this.#witnessServer = options.witnessServer;
    this.witnessEndpoint = options.witnessEndpoint;
    this.db = connectDatabase(options.servers.databaseUrl, { name: "test", max: 3 });
    this.peerJournal = connectDatabase(options.peerJournalUrl, { name: "test", max: 2 });
    this.witness = new DynamoWitness({
      table: "castle-witness",
      region: "eu-west-3",
      endpoint: options.witnessEndpoint,
    });
    this.#vouching = setInterval(() => {
      if (this.peerFollows)
        void this.peerJournal.raw("select journal_standby_follows(epoch) from fence").catch(() => undefined);
    }, 100);
  }

  static async start(): Promise<TestCell> {
    const servers = await startCellServers({
      bootstrap: { region: "eu-west-1", symbols: ["BTCUSDT", "ETHUSDT"] },
    });
    const peerJournalUrl = await createPeerJournal(servers.journalUrl);
    const witnessServer = dynalite({ createTableMs: 0 });
    witnessServer.listen(0, "127.0.0.1");
    await once(witnessServer, "listening");
    const witnessEndpoint = `http://127.0.0.1:${(witnessServer.address() as AddressInfo).port}`;
    await createWitnessTable({ table: "castle-witness", region: "eu-west-3", endpoint: witnessEndpoint });
    const cell = new TestCell({ servers, peerJournalUrl, witnessServer, witnessEndpoint });
    await cell.witness.create({
      epoch: epoch(1),
      activeRegion: "eu-west-1",
      mode: "solo",
      changedBy: "bootstrap",
    });
    await cell.db("account").insert(
      traders.map(({ accountId, apiKey, secret }) => ({
        account_id: accountId,
        api_key: apiKey,
        sealed_secret: seal(SEAL_KEY, secret),
      })),
    );
    return cell;
  }

  /** Starts a gateway process; resolves when it answers. */
  async gateway(
    options: { peerJournalUrl?: string; witnessEndpoint?: string; soloAfterMs?: number } = {},
  ): Promise<Gateway> {
    const [port, internalPort] = [await freePort(), await freePort()];
    const child = spawn(process.execPath, [ENTRY], {
      stdio: ["ignore", process.env["GATEWAY_LOG"] ? "inherit" : "ignore", "inherit"],
      env: {
        PATH: process.env["PATH"],
        CASTLE_REGION: "eu-west-1",
        CASTLE_SERVICE: "order-gateway",
        CASTLE_INSTANCE: `order-gateway-${this.#gateways.length}`,
        CASTLE_HOST: "127.0.0.1",
        CASTLE_PORT: String(port),
        CASTLE_INTERNAL_PORT: String(internalPort),
        DATABASE_URL: this.servers.databaseUrl,
        JOURNAL_URL: this.servers.journalUrl,
        PEER_JOURNAL_URL: options.peerJournalUrl ?? this.peerJournalUrl,
        REDIS_URL: this.servers.redisUrl,
        WITNESS_TABLE: "castle-witness",
        WITNESS_REGION: "eu-west-3",
        WITNESS_ENDPOINT: options.witnessEndpoint ?? this.witnessEndpoint,
        CASTLE_SEAL_KEY: SEAL_KEY.toString("base64"),
        CASTLE_SYMBOLS: "BTCUSDT,ETHUSDT",
        CASTLE_SOLO_AFTER_MS: String(options.soloAfterMs ?? 60_000),
      },
    });
    const gateway = new GatewayProcess(child, port, internalPort);
    this.#gateways.push(gateway);
    await until("the gateway answers", () =>
      gateway.health().then(
        () => true,
        () => false,
      ),
    );
    return gateway;
  }

  async fund(asset: string, amount: bigint): Promise<void> {
    await this.db("balance")
      .insert(traders.map(({ accountId }) => ({ account_id: accountId, asset, free: amount.toString() })))
      .onConflict(["account_id", "asset"])
      .merge({ free: this.db.raw("balance.free + excluded.free") });
  }

  /** Writes over the witness's record with one that Castle never wrote. */
  async overwriteWitness(attributes: Record<string, string>): Promise<void> {
    const client = new DynamoDBClient({
      region: "eu-west-3",
      endpoint: this.witnessEndpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const item = Object.entries(attributes).map(([name, value]) => [name, { S: value }]);
    await client.send(
      new PutItemCommand({
        TableName: "castle-witness",
        Item: { [WITNESS_KEY]: { S: WITNESS_ITEM }, ...Object.fromEntries(item) },
      }),
    );
    client.destroy();
  }

  async stopGateways(): Promise<void> {
    await Promise.all(this.#gateways.splice(0).map((gateway) => gateway.stop()));
  }

  async stop(): Promise<void> {
    clearInterval(this.#vouching);
    await this.stopGateways();
    await Promise.all([this.db.destroy(), this.peerJournal.destroy()]);
    this.#witnessServer.close();
    await this.servers.stop();
  }
}

class GatewayProcess implements Gateway {
  readonly process: ChildProcess;
  readonly api: string;
  readonly internal: string;

  constructor(child: ChildProcess, port: number, internalPort: number) {
    this.process = child;
    this.api = `http://127.0.0.1:${port}`;
    this.internal = `http://127.0.0.1:${internalPort}`;
  }

  async signed(
    method: string,
    path: string,
    parameters: Record<string, string>,
    by: TestTrader = trader,
  ): Promise<Answer> {
    const query = signQuery(by.secret, new URLSearchParams({ ...parameters, timestamp: String(Date.now()) }));
    return answer(
      await fetch(`${this.api}${path}?${query}`, { method, headers: { "X-MBX-APIKEY": by.apiKey } }),
    );
  }

  async health(): Promise<Answer> {
    return answer(await fetch(`${this.internal}/healthz/active`));
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    await ended;
  }
}

const answer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: (await response.json()) as Answer["body"],
  headers: response.headers,
});

/** Waits for a condition. @throws Error that names it when it does not come true within ten seconds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 60 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function createPeerJournal(journalUrl: string): Promise<string> {
  const admin = connectDatabase(journalUrl, { name: "test", max: 1 });
  await admin.raw("create database peer_journal");
  await admin.destroy();
  const url = new URL(journalUrl);
  url.pathname = "/peer_journal";
  const peer = connectDatabase(url.href, { name: "test", max: 1 });
  await migrateJournal(peer);
  await peer.destroy();
  return url.href;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
