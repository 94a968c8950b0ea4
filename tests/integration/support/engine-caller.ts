import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "@castle/lab/processes/until.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { AccountId, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import {
  type Accepted,
  EngineRequests,
  type SubmitResult,
} from "@castle/services/order-gateway/engine/engine-requests.ts";
import type { Knex } from "knex";
import { pino } from "pino";
import type { ActiveCell } from "./active-cell.ts";

const PATIENCE_MS = 60_000;
/** Refusals of the moment: nothing was executed, and the same may be accepted later. */
const NOT_NOW: ReadonlySet<string> = new Set(["closed", "no-engine", "overloaded", "first-result-unknown"]);

export class NotAccepted extends Error {
  readonly result: SubmitResult;

  constructor({ stream, clientId, command }: Intent, result: SubmitResult) {
    const because = result.kind === "accepted" ? "" : result.because;
    super(`${command.kind} ${clientId} in ${stream}: ${result.kind}, ${because}`);
    this.name = "NotAccepted";
    this.result = result;
  }
}

/** Speaks to the engine that leads, over a line as an order gateway's. */
export class EngineCaller {
  readonly client: EngineClient;
  readonly requests: EngineRequests;
  readonly #db: Knex;
  readonly #stop: () => Promise<void>;
  #names = 0;

  private constructor(client: EngineClient, db: Knex, stop: () => Promise<void>) {
    this.client = client;
    this.#db = db;
    this.requests = new EngineRequests(client);
    this.#stop = stop;
  }

  static async start(cell: ActiveCell, instance = "order-gateway-0"): Promise<EngineCaller> {
    const config = cell.config("order-gateway", instance);
    const log = pino({ level: process.env["CASTLE_LOG_LEVEL"] ?? "silent" });
    const db = connectDatabase(config.databaseUrl, { name: `${instance} role`, max: 1 });
    const roles = new RoleWatch({ db, region: config.region, log, intervalMs: 50 });
    const client = new EngineClient({ config, roles, log });
    await roles.start();
    return new EngineCaller(client, cell.db, async () => {
      roles.stop();
      await db.destroy();
    });
  }

  /** Resolves once an engine leads, and lets in what the gate says. */
  async ready(gate: "open" | "cancel-only" | "closed" = "open", generation?: number): Promise<void> {
    await until(
      () => {
        const { status } = this.client;
        return (
          status.leading &&
          status.gate === gate &&
          status.confirmed &&
          (generation === undefined || status.generation === generation)
        );
      },
      { what: () => `the engine to lead, ${gate}: ${JSON.stringify(this.client.status)}`, withinMs: 60_000 },
    );
  }

  /** The generation that leads. */
  get generation(): number {
    const { status } = this.client;
    if (!status.leading) throw new Error(`no engine leads: ${status.because}`);
    return status.generation;
  }

  submit(intent: Intent): Promise<SubmitResult> {
    return this.requests.submit(intent, true);
  }

  /**
   * Sends an intent again and again under one Idempotency-Key, as a trader does who must know, until its fate is known:
   * neither an engine that begins anew nor a machine on which everything takes long makes two of it.
   * @throws Error when it is refused
   */
  async accepted(intent: Intent): Promise<Accepted & { readonly outcome: Outcome }> {
    const { command } = intent;
    const isOrder = command.kind !== "deposit" && command.kind !== "open-account";
    const key = isOrder ? { idempotencyKey: command.idempotencyKey ?? randomUUID() } : {};
    for (const until = performance.now() + PATIENCE_MS; ; ) {
      const result = await this.submit({ ...intent, command: { ...command, ...key } });
      if (result.kind === "accepted")
        return { ...result, outcome: await this.#outcomeOf(intent.stream, result) };
      const isOver = result.kind === "refused" && !NOT_NOW.has(result.because);
      if (isOver || performance.now() > until) throw new NotAccepted(intent, result);
      await pause(50);
    }
  }

  /** What came of a command; of a repeated one it may be in the projection alone. */
  async #outcomeOf(stream: StreamId, { seq, outcome }: Accepted): Promise<Outcome> {
    if (outcome) return outcome;
    const row = await this.#db("outcome").where({ stream, seq }).first<{ body: string } | undefined>("body");
    if (!row)
      throw new Error(`${stream} ${seq} is accepted, and neither engine nor projection knows its outcome`);
    return JSON.parse(row.body) as Outcome;
  }

  /** An order or a cancel under a client id of its own. */
  send(stream: StreamId, accountId: AccountId, command: Intent["command"]): Promise<SubmitResult> {
    this.#names += 1;
    return this.submit({ stream, accountId, clientId: `n${this.#names}`, command });
  }

  async stop(): Promise<void> {
    this.requests.close();
    this.client.close();
    await this.#stop();
  }
}
