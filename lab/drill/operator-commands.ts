import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { peerOf } from "@castle/regions/catalogue.ts";
import { until } from "../processes/until.ts";
import { giveCommand } from "./operator-command.ts";
import { Fate } from "./runner-fate.ts";
import type { OperatorCommand, RunnerFate } from "./schedule.ts";
import type { Stage } from "./stage.ts";

/** What came of an operator's command: what befell its runner, and its exit code (null when it was killed). */
export interface CommandMet {
  readonly command: OperatorCommand;
  readonly fate: RunnerFate["fate"];
  readonly code: number | null;
}

/** The commands that operators give in a schedule, each going on beside whatever else befalls the platform. */
export class OperatorCommands {
  /** Of those that ended, in that order. */
  readonly met: CommandMet[] = [];
  readonly #stage: Stage;
  readonly #first: CellRegion;
  readonly #underWay = new Map<string, Promise<void>>();

  /** @param first the region that was active when the schedule began */
  constructor(stage: Stage, first: CellRegion) {
    this.#stage = stage;
    this.#first = first;
  }

  /** Resolves when the command was given. */
  async give(command: OperatorCommand, runner: RunnerFate): Promise<void> {
    const args = await this.#asTyped(command);
    const typed = `${args.join(" ")} (${this.#underWay.size + 1})`;
    const ended = this.#run(command, args, runner).finally(() => this.#underWay.delete(typed));
    ended.catch(() => undefined); // whoever waits for the end is told
    this.#underWay.set(typed, ended);
  }

  /** Until every command that was given has ended, whatever came of it. @throws Error that names one that hangs */
  async ended(withinMs: number): Promise<void> {
    const { signal } = this.#stage;
    await until(() => this.#underWay.size === 0, {
      what: () => `castle ${[...this.#underWay.keys()].join(" and castle ")} to end`,
      ...{ withinMs, signal },
    });
  }

  async #run(command: OperatorCommand, args: readonly string[], runner: RunnerFate): Promise<void> {
    const { lab, chronicle, signal } = this.#stage;
    const fate = new Fate(runner, signal);
    const { code, lastWords } = await giveCommand(lab, args, (_, process) => fate.hear(process), signal);
    await fate.over();
    this.met.push({ command, fate: fate.met, code });
    if (code !== 0 && code !== null)
      chronicle.tell({ kind: "note", text: `castle ${args.join(" ")} ended with ${code}: ${lastWords}` });
  }

  /** What an operator would type as things stand; without the witness, as they stood when the schedule began. */
  async #asTyped(command: OperatorCommand): Promise<string[]> {
    const active = await this.#stage.operator.witness().then(
      ({ activeRegion }) => activeRegion,
      () => this.#first,
    );
    const peer = peerOf(active);
    switch (command) {
      case "failover":
      case "switchover":
        return [command, "--to", peer];
      case "failback":
        return [command];
      case "isolate":
      case "rejoin":
        return [command, "--region", peer];
      default:
        return command satisfies never;
    }
  }
}
