import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Redis } from "ioredis";
import type { StreamId } from "../kernel/domain/command.ts";
import type { DoorbellSeal } from "../kernel/doorbell-seal.ts";
import type { Check } from "../kernel/health/internal-server.ts";
import type { Logger } from "../kernel/log.ts";
import type { RoleView, RoleWatch } from "../kernel/role/role-watch.ts";
import { announce } from "./announcer.ts";
import { EpochRun } from "./epoch-run.ts";
import { metrics } from "./metrics.ts";
import { SparseLog } from "./sparse-log.ts";
import type { CommittedChunk } from "./stream-applier.ts";

export interface EngineOptions {
  readonly databaseUrl: string;
  /** Shows in pg_stat_activity. */
  readonly name: string;
  readonly watch: RoleWatch;
  readonly region: RegionName;
  readonly streams: readonly StreamId[];
  /** For workers: waits out any outage. */
  readonly workerRedis: Redis;
  /** For telling outcomes: answers at once when Redis is away. */
  readonly producerRedis: Redis;
  /** Tells the doorbells that gateways rang from any others. */
  readonly seal: DoorbellSeal;
  readonly log: Logger;
}

/**
 * Follows the cell's role: while the cell is active in an epoch, whatever its gate, the engine runs in that epoch; else
 * it holds nothing. A closed gate does not stop it, for a cell that takes over catches up before it opens.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #sparse: SparseLog;
  #run: EpochRun | null = null;
  /** The database has refused it; epochs only grow, so it never comes back. */
  #over: Epoch | null = null;
  #stopped = false;
  #turning: Promise<void> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#sparse = new SparseLog(options.log);
    options.watch.on("change", () => this.#turn());
    this.#turn();
  }

  /** Whether the engine works, and how far each stream has come. */
  check(): Check {
    const { current } = this.#options.watch;
    const run = this.#run;
    return { ok: run !== null, detail: { ...describe(current), applied: run?.appliedSeqs() ?? {} } };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#turn();
    await this.#turning;
  }

  /** Turns to what the role says now. One turn after the other: books of two epochs never live side by side. */
  #turn(): void {
    this.#turning = this.#turning
      .then(() => this.#settle())
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, "could not follow the role; waiting for its next change");
      });
  }

  async #settle(): Promise<void> {
    const wanted = this.#wantedEpoch();
    if (this.#run?.holder.epoch === wanted) return;
    if (this.#run) {
      const { epoch } = this.#run.holder;
      await this.#run.stop();
      this.#run = null;
      this.#options.log.info({ epoch }, "stopped applying");
    }
    if (wanted !== null && wanted === this.#wantedEpoch()) this.#start(wanted);
  }

  #wantedEpoch(): Epoch | null {
    const { current } = this.#options.watch;
    if (this.#stopped || current.role !== "active" || current.epoch === this.#over) return null;
    return current.epoch;
  }

  #start(epoch: Epoch): void {
    const { databaseUrl, name, region, streams, workerRedis, seal, log } = this.#options;
    this.#run = new EpochRun({
      databaseUrl,
      name,
      redis: workerRedis,
      streams,
      holder: { epoch, region },
      seal,
      log: this.#sparse,
      onCommitted: (chunk) => this.#committed(chunk),
      onStale: () => this.#stale(epoch),
    });
    log.info({ epoch, streams }, "applying");
  }

  #committed(chunk: CommittedChunk): void {
    const { stream, appliedSeq, outcomes, seconds } = chunk;
    announce(this.#options.producerRedis, chunk, this.#sparse);
    metrics.commandsApplied.inc({ stream }, outcomes.length);
    metrics.applySeconds.observe({ stream }, seconds);
    metrics.appliedSeq.set({ stream }, appliedSeq);
  }

  #stale(epoch: Epoch): void {
    if (this.#over === epoch) return;
    this.#over = epoch;
    this.#options.log.warn({ epoch }, "the database refused this epoch; waiting for the role");
    this.#turn();
    void this.#options.watch.look();
  }
}

function describe(view: RoleView): Record<string, unknown> {
  return view.role === "active"
    ? { role: view.role, epoch: view.epoch, gate: view.gate, mode: view.durability }
    : { role: view.role, epoch: view.epoch, because: view.because };
}
