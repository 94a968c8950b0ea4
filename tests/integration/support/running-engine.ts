import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { Engine } from "@castle/services/matching-engine/engine.ts";
import { type Logger, pino } from "pino";
import type { ActiveCell, Ways } from "./active-cell.ts";

export interface RunningEngineOptions extends Ways {
  readonly instance?: string;
  readonly log?: Logger;
  readonly onProjected?: (chunk: readonly AppliedCommand[]) => void;
}

/** A matching engine in this process: what its main.ts does, but for health and Redis. */
export class RunningEngine {
  readonly engine: Engine;
  readonly #stop: () => Promise<void>;

  private constructor(engine: Engine, stop: () => Promise<void>) {
    this.engine = engine;
    this.#stop = stop;
  }

  static async start(cell: ActiveCell, options: RunningEngineOptions = {}): Promise<RunningEngine> {
    const { instance = "matching-engine-0", onProjected = () => undefined } = options;
    const config = cell.config("matching-engine", instance, options);
    const log = options.log ?? pino({ level: process.env["CASTLE_LOG_LEVEL"] ?? "silent" });
    const db = connectDatabase(config.databaseUrl, { name: instance, max: 4 });
    const queries = connectDatabase(config.databaseUrl, { name: `${instance} queries`, max: 2 });
    const roles = new RoleWatch({ db, region: config.region, log });
    await roles.start();
    const engine = await Engine.start({
      ...{ config, db, queries, roles, witness: cell.witness, log, onProjected },
    });
    return new RunningEngine(engine, async () => {
      await engine.stop();
      roles.stop();
      await Promise.all([db.destroy(), queries.destroy()]);
    });
  }

  /** Drains, and gives the lead up, as on SIGTERM. */
  stop(): Promise<void> {
    return this.#stop();
  }
}
