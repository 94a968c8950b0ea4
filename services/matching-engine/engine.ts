import type { Witness } from "@castle/regions/witness/witness.ts";
import type { Knex } from "knex";
import type { CellConfig } from "../kernel/config.ts";
import type { EngineStatus } from "../kernel/engine-line/messages.ts";
import type { Check } from "../kernel/health/internal-server.ts";
import type { Logger } from "../kernel/log.ts";
import type { RoleWatch } from "../kernel/role/role-watch.ts";
import { SparseLog } from "../kernel/sparse-log.ts";
import type { AppliedCommand } from "./application/applied-command.ts";
import { type ActiveView, LeadRun } from "./lead/lead-run.ts";
import { LeaderWatch } from "./lead/leader-watch.ts";
import { EngineLines } from "./lines/engine-lines.ts";
import { metrics } from "./metrics.ts";

export interface EngineOptions {
  readonly config: CellConfig;
  /** For the role's own work alone. */
  readonly db: Knex;
  /** For what requests need of the database. */
  readonly queries: Knex;
  readonly roles: RoleWatch;
  readonly witness: Witness;
  readonly log: Logger;
  /** A chunk is in the projection. */
  readonly onProjected: (chunk: readonly AppliedCommand[]) => void;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** On SIGTERM, how long what was taken may take to be applied and projected. */
const DRAIN_WITHIN_MS = 3_000;
/** Who has led for so long has recovered: its next failure is its first. Milliseconds. */
const RECOVERED_AFTER_MS = 10_000;
/** Beyond this the projection does not keep up, and readiness says so. Milliseconds. */
const PROJECTION_LAG_MS = 5_000;

/**
 * Follows the cell's role. While the cell is active in an epoch, whatever its gate, this engine leads its streams, or
 * watches the one that does and takes over from it; else it holds nothing.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #sparse: SparseLog;
  #lines: EngineLines | null = null;
  #run: LeadRun | null = null;
  #watch: LeaderWatch | null = null;
  #because = "starting";
  /** Failures to lead, in a row. */
  #failures = 0;
  /** The generation whose engine is gone: to be taken over from. */
  #gone: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #turning: Promise<void> = Promise.resolve();

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#sparse = new SparseLog(options.log);
  }

  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    const { config, roles } = options;
    engine.#lines = await EngineLines.listen({
      host: config.host,
      port: config.linePort ?? 0,
      sealKey: config.sealKey,
      log: engine.#sparse,
      run: () => engine.#run,
      status: () => engine.status(),
    });
    roles.on("change", () => engine.#turn());
    engine.#turn();
    return engine;
  }

  status(): EngineStatus {
    const run = this.#run;
    if (!run) return { leading: false, because: this.#because };
    const { current } = this.#options.roles;
    return {
      leading: true,
      epoch: run.lead.epoch,
      generation: run.lead.generation,
      gate: run.gate,
      durability: current.role === "active" ? current.durability : "paired",
      confirmed: run.confirmed,
      detail: run.describe(),
    };
  }

  /** Whether this engine leads and its work moves, and how far each stream has come. */
  check(): Check {
    const run = this.#run;
    const lagMs = run?.unprojected.lagMs() ?? 0;
    metrics.projectionLagSeconds.set(lagMs / 1_000);
    metrics.unprojectedBytes.set(run?.unprojected.bytes ?? 0);
    return {
      ok: run !== null && lagMs < PROJECTION_LAG_MS,
      detail: run ? { role: "leader", ...run.describe() } : { role: "follower", because: this.#because },
    };
  }

  /** What keeps the engine from doing its work when asked; null when nothing does. */
  notReadyBecause(): string | null {
    const lagMs = this.#run?.unprojected.lagMs() ?? 0;
    if (lagMs >= PROJECTION_LAG_MS) return `the projection is ${Math.round(lagMs / 1_000)} s behind`;
    const { current } = this.#options.roles;
    const idle = current.role === "active" && !this.#run && !this.#watch;
    return idle && this.#failures > 2 ? `this engine cannot lead: ${this.#because}` : null;
  }

  async stop(): Promise<void> {
    await this.#run?.drained(DRAIN_WITHIN_MS);
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#turn();
    await this.#turning;
    await this.#lines?.close();
  }

  /** Turns to what the role says now. One turn after the other: two runs never live side by side. */
  #turn(): void {
    this.#turning = this.#turning.then(() => this.#settle()).catch((error: Error) => this.#retry(error));
  }

  async #settle(): Promise<void> {
    const view = this.#view();
    // The epoch as well: it may have changed twice between two readings, and the lead not yet.
    const lead = this.#run?.lead;
    if (lead && (lead.epoch !== view?.epoch || lead.generation !== view.lead?.generation))
      await this.#endRun(view ? "another engine or epoch leads" : "the cell is not active");
    if (this.#watch && this.#watch.generation !== view?.lead?.generation) this.#endWatch();
    if (!view || this.#run || this.#watch) return;
    const { config } = this.#options;
    const other = view.lead;
    if (
      other?.epoch === view.epoch &&
      other.instance !== config.instance &&
      other.generation !== this.#gone
    ) {
      this.#because = `${other.instance} leads, in generation ${other.generation}`;
      this.#watch = new LeaderWatch(config, other, (because) => {
        this.#options.log.warn({ leader: other.instance, because }, "the engine that led is gone");
        this.#endWatch();
        this.#gone = other.generation;
        this.#turn();
      });
      return;
    }
    await this.#lead(view);
  }

  #view(): ActiveView | null {
    const { current } = this.#options.roles;
    return this.#stopped || current.role !== "active" ? null : current;
  }

  async #lead(view: ActiveView): Promise<void> {
    const { config, roles, log } = this.#options;
    const began = performance.now();
    const run: LeadRun = await LeadRun.begin(
      {
        ...this.#options,
        address: `${config.advertisedHost}:${this.#lines?.port ?? 0}`,
        sparse: this.#sparse,
        onApplied: (commands) => this.#lines?.publish(commands),
        onOver: (because, stale) => {
          log.warn({ ...run.lead, because, stale }, "leads no more");
          this.#turning = this.#turning.then(() => this.#endRun(because));
          if (performance.now() - began > RECOVERED_AFTER_MS) this.#failures = 0;
          this.#retry(new Error(because));
        },
      },
      view,
    );
    // The role row shows the lead that was just taken; until then nobody is to take it for another engine's.
    await roles.look();
    this.#run = run;
    run.start();
    this.#lines?.publishStatus();
  }

  async #endRun(because: string): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.#run = null;
    this.#because = because;
    this.#lines?.publishStatus();
    await run.stop(because);
    this.#lines?.endSubscriptions(because);
  }

  #endWatch(): void {
    this.#watch?.stop();
    this.#watch = null;
  }

  /** The lead could not be taken, or kept: the role is read again, and what it says is tried. */
  #retry(error: Error): void {
    this.#because = error.message;
    this.#failures += 1;
    this.#sparse.warn({}, error, "this engine could not lead");
    if (this.#stopped) return;
    if (this.#timer) clearTimeout(this.#timer);
    const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 5), LONGEST_RETRY_MS);
    this.#timer = setTimeout(() => {
      void this.#options.roles.look().then(() => this.#turn());
    }, pause);
  }
}
