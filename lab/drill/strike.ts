import { setTimeout as elapse } from "node:timers/promises";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { peerOf } from "@castle/regions/catalogue.ts";
import type { LabProcess } from "../lab-process.ts";
import { now } from "../traders/clock.ts";
import { OperatorCommands } from "./operator-commands.ts";
import type { Blow, Part, TimedBlow } from "./schedule.ts";
import type { Stage } from "./stage.ts";

/** The lab as a schedule strikes it, and what has to be undone in the end. */
export class Struck {
  readonly commands: OperatorCommands;
  readonly #stage: Stage;
  readonly #first: CellRegion;
  #witnessLost = false;

  /** @param first the region that was active when the schedule began */
  constructor(stage: Stage, first: CellRegion) {
    this.#stage = stage;
    this.#first = first;
    this.commands = new OperatorCommands(stage, first);
  }

  /** Lets a blow fall at its moment, and heals it after its time. Resolves when both are over. */
  async fall({ atMs, forMs, blow }: TimedBlow, startedAt: number): Promise<void> {
    const { signal } = this.#stage;
    await elapse(Math.max(0, startedAt + atMs - now()), undefined, { signal });
    const heal = await this.#strike(blow);
    if (forMs === null || heal === null) return;
    await elapse(forMs, undefined, { signal });
    await heal();
  }

  /** Everything that was broken and does not heal by itself is mended. Harmless for what is well. */
  async healAll(): Promise<void> {
    const { lab } = this.#stage;
    if (this.#witnessLost) await this.#witnessBack();
    for (const region of [this.#first, peerOf(this.#first)]) {
      await lab.link.resumeFrom(region, "witness");
      for (const process of lab.region(region).processes) if (process.state === "frozen") process.thaw();
      if (lab.region(region).state === "frozen") await lab.region(region).thaw();
      if (lab.region(region).state === "down") await lab.region(region).restore();
    }
    for (const channel of ["replication", "journal"] as const) await lab.link.slow(channel, null);
    await lab.link.resume(["replication", "journal", "redis"]);
    await lab.link.heal();
  }

  #region(part: Part): CellRegion {
    return part === "active" ? this.#first : (peerOf(this.#first) as CellRegion);
  }

  /** @returns what undoes it, where it lasts */
  async #strike(blow: Blow): Promise<(() => Promise<void>) | null> {
    const { lab } = this.#stage;
    switch (blow.kind) {
      case "kill-region":
        await lab.region(this.#region(blow.part)).kill();
        return null;
      case "freeze-region": {
        const region = lab.region(this.#region(blow.part));
        await region.freeze();
        return () => region.thaw();
      }
      case "kill-process":
        await this.#process(blow)?.kill();
        return null;
      case "freeze-process": {
        const process = this.#process(blow);
        process?.freeze();
        return async () => {
          if (process && lab.region(process.region).state === "up") process.thaw();
        };
      }
      case "restart-process":
        await this.#process(blow)?.restart();
        return null;
      case "cut-link":
        await lab.link.cut();
        return () => lab.link.heal();
      case "stall-channel":
        await lab.link.stall(blow.channel);
        return () => lab.link.resume(blow.channel);
      case "slow-channel":
        await lab.link.slow(blow.channel, blow.rttMs);
        return () => lab.link.slow(blow.channel, null);
      case "lose-witness":
        this.#witnessLost = true;
        await lab.witness.lose();
        return () => this.#witnessBack();
      case "cut-off-from-witness": {
        const region = this.#region(blow.part);
        await lab.link.stallFrom(region, "witness");
        return () => lab.link.resumeFrom(region, "witness");
      }
      case "black-hole":
        await lab.swallowConnections();
        return null;
      case "failover":
      case "switchover":
      case "failback":
      case "isolate":
      case "rejoin":
        await this.commands.give(blow.kind, blow.runner);
        return null;
      default:
        return blow satisfies never;
    }
  }

  /** null when it does not run: its region is struck, or another blow has hit it. */
  #process(of: { readonly part: Part; readonly process: string }): LabProcess | null {
    const region = this.#stage.lab.region(this.#region(of.part));
    const process = region.process(of.process);
    return region.state === "up" && process.state === "running" ? process : null;
  }

  async #witnessBack(): Promise<void> {
    if (!this.#witnessLost) return;
    this.#witnessLost = false;
    await this.#stage.lab.witness.comeBack();
  }
}
