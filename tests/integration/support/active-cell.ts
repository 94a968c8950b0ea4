import { homeRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import type { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { type CellConfig, loadConfig } from "@castle/services/kernel/config.ts";
import { migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import type { AccountId } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";
import { first, REGION, WitnessServer } from "../witness/witness-server.ts";
import { patientPool } from "./patient-pool.ts";
import { type CellServers, startCellServers } from "./servers.ts";

export const SYMBOLS = ["BTCUSDT", "ETHUSDT"] as const;
export const SEAL_KEY = Buffer.alloc(32, 7);

/** Where a service reaches what it needs, if not by the direct way. */
export interface Ways {
  readonly databaseUrl?: string;
  readonly peerJournalUrl?: string;
  readonly witnessEndpoint?: string;
  readonly redisUrl?: string;
  readonly soloAfterMs?: number;
}

/**
 * The home cell, active in epoch 1, as its services find it: its database, the peer's journal, Redis and the witness are
 * real; of the peer there is nothing but that journal.
 */
export class ActiveCell {
  readonly servers: CellServers;
  readonly db: Knex;
  readonly peerJournal: Knex;
  readonly peerJournalUrl: string;
  readonly witness: DynamoWitness;
  readonly witnessTable: string;
  readonly #witnesses: WitnessServer;
  readonly #vouching: NodeJS.Timeout;
  /** Whether the peer's database follows: its engine, which is not there, tells the journal so. */
  peerFollows = true;

  private constructor(
    made: Pick<ActiveCell, "servers" | "peerJournalUrl" | "witness" | "witnessTable">,
    witnesses: WitnessServer,
  ) {
    this.servers = made.servers;
    this.peerJournalUrl = made.peerJournalUrl;
    this.witness = made.witness;
    this.witnessTable = made.witnessTable;
    this.#witnesses = witnesses;
    this.db = patientPool(made.servers.databaseUrl, 6);
    this.peerJournal = patientPool(made.peerJournalUrl, 2);
    this.#vouching = setInterval(() => {
      if (this.peerFollows)
        void this.peerJournal.raw("select journal_standby_follows(epoch) from fence").catch(() => undefined);
    }, 100);
  }

  static async start(): Promise<ActiveCell> {
    const [servers, witnesses] = await Promise.all([
      startCellServers({ bootstrap: { region: homeRegion, symbols: SYMBOLS } }),
      WitnessServer.start(),
    ]);
    const peerJournalUrl = await createPeerJournal(servers.journalUrl);
    const { table, witness } = await witnesses.holding(first("solo"));
    return new ActiveCell({ servers, peerJournalUrl, witness, witnessTable: table }, witnesses);
  }

  get witnessEndpoint(): string {
    return this.#witnesses.endpoint;
  }

  /** What a service of this cell is told by its environment. */
  environment(service: string, instance: string, ways: Ways = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      CASTLE_REGION: homeRegion,
      CASTLE_SERVICE: service,
      CASTLE_INSTANCE: instance,
      CASTLE_HOST: "127.0.0.1",
      CASTLE_PORT: "1",
      CASTLE_INTERNAL_PORT: "1",
      DATABASE_URL: ways.databaseUrl ?? this.servers.databaseUrl,
      JOURNAL_URL: this.servers.journalUrl,
      PEER_JOURNAL_URL: ways.peerJournalUrl ?? this.peerJournalUrl,
      REDIS_URL: ways.redisUrl ?? this.servers.redisUrl,
      WITNESS_TABLE: this.witnessTable,
      WITNESS_REGION: REGION,
      WITNESS_ENDPOINT: ways.witnessEndpoint ?? this.witnessEndpoint,
      CASTLE_SEAL_KEY: SEAL_KEY.toString("base64"),
      CASTLE_SYMBOLS: SYMBOLS.join(","),
      CASTLE_SOLO_AFTER_MS: String(ways.soloAfterMs ?? 60_000),
      CASTLE_LOG_LEVEL: process.env["CASTLE_LOG_LEVEL"] ?? "silent",
    };
  }

  /** The same for a service in this process, on any free ports. */
  config(service: string, instance: string, ways: Ways = {}): CellConfig {
    const config = loadConfig(this.environment(service, instance, ways));
    return { ...config, port: 0, internalPort: 0, linePort: 0 };
  }

  /** Puts money there that an engine finds when it begins: free balances, from outside. */
  async fund(accounts: readonly AccountId[], asset: string, amount: bigint): Promise<void> {
    await this.db("balance")
      .insert(accounts.map((accountId) => ({ account_id: accountId, asset, free: amount.toString() })))
      .onConflict(["account_id", "asset"])
      .merge({ free: this.db.raw("balance.free + excluded.free") });
  }

  async durability(): Promise<string> {
    return (await this.db("role").first()).durability;
  }

  async setGate(gate: Gate, held = 1): Promise<void> {
    await this.db.raw("select castle_set_gate(?, ?)", [held, gate]);
  }

  /** Hands the role over in the database alone, as a runbook does it. */
  async raiseEpoch(next: number, region: string): Promise<void> {
    await this.db.raw("select castle_raise_epoch(?, ?)", [epoch(next), region]);
  }

  /** Whether witness and database both say so. */
  async isInMode(mode: "paired" | "solo"): Promise<boolean> {
    return (await this.witness.read()).mode === mode && (await this.durability()) === mode;
  }

  /** How far each stream is projected. */
  async projected(stream: string): Promise<number> {
    return Number((await this.db("progress").where({ stream }).first()).applied_seq);
  }

  /** The last command of the stream in the log. */
  async logged(stream: string): Promise<number> {
    return Number((await this.db("stream").where({ name: stream }).first()).last_seq);
  }

  async stop(): Promise<void> {
    clearInterval(this.#vouching);
    await Promise.all([this.db.destroy(), this.peerJournal.destroy()]);
    await this.#witnesses.stop();
    await this.servers.stop();
  }
}

async function createPeerJournal(journalUrl: string): Promise<string> {
  const admin = patientPool(journalUrl, 1);
  await admin.raw("create database peer_journal");
  await admin.destroy();
  const url = new URL(journalUrl);
  url.pathname = "/peer_journal";
  const peer = patientPool(url.href, 1);
  await migrateJournal(peer);
  await peer.destroy();
  return url.href;
}
