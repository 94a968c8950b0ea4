import { Listr, type ListrTask } from "listr2";
import type { ExecutionEvent } from "../engine/event.ts";
import { branchesOf, type Runbook, stepsOf } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";
import { type Display, Running, tellEvent, tellRunning, tellUsual, type Usual } from "./display.ts";

/** How often the time that a step has been at work is told anew. */
const TICK_MS = 1_000;

interface Ending {
  /** `without`: it failed, and the runbook goes on all the same. */
  readonly kind: "done" | "without" | "failed";
  readonly text: string;
}

/** A step as the list waits for it. */
class Waiting {
  readonly ended: Promise<Ending>;
  #end: (ending: Ending) => void = () => undefined;
  #over = false;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  end(ending: Ending): void {
    if (!this.#over) this.#end(ending);
    this.#over = true;
  }
}

/** A live list of the runbook's steps: what runs, since when, and how long each usually takes. */
export class TerminalDisplay<Context> implements Display {
  readonly #runbook: Runbook<Context>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #shown: Promise<unknown>;
  readonly #afterwards: string[] = [];
  readonly #usual: Usual;
  readonly #running = new Running();

  constructor(runbook: Runbook<Context>, usual: Usual = new Map()) {
    this.#runbook = runbook;
    this.#usual = usual;
    for (const { name } of stepsOf(runbook)) this.#waiting.set(name, new Waiting());
    const list = new Listr(
      runbook.parts.map((part) => ("together" in part ? this.#group(part.together) : this.#task(part))),
      // Ctrl-C is the command's to handle: a step at work is finished first.
      { registerSignalListeners: false, rendererOptions: { collapseSubtasks: false, collapseSkips: false } },
    );
    // The list ends where the run does; what went wrong is told by the command.
    this.#shown = list.run().catch(() => undefined);
  }

  show(event: ExecutionEvent): void {
    this.#running.note(event);
    switch (event.kind) {
      case "step-started":
        this.#skipWhatCameBefore(event.step);
        return;
      case "step-done":
        this.#waiting
          .get(event.step)
          ?.end({ kind: "done", text: event.how === "done" ? `${event.ms} ms` : "was done already" });
        return;
      case "step-skipped":
        this.#waiting.get(event.step)?.end({ kind: "without", text: `skipped (${event.because})` });
        return;
      case "step-failed":
        this.#waiting
          .get(event.step)
          ?.end({ kind: event.tolerated ? "without" : "failed", text: event.error });
        return;
      default:
        this.#afterwards.push(tellEvent(event) ?? "");
    }
  }

  async end(): Promise<void> {
    for (const waiting of this.#waiting.values()) waiting.end({ kind: "failed", text: "not begun" });
    await this.#shown;
    for (const text of this.#afterwards) process.stdout.write(`${text}\n`);
  }

  #group(branches: readonly (readonly Step<Context>[])[]): ListrTask {
    return {
      title: "at the same time",
      task: (_, group) =>
        group.newListr(
          branches.map((branch) => this.#branch(branch)),
          { concurrent: true },
        ),
    };
  }

  #branch(steps: readonly Step<Context>[]): ListrTask {
    const [only, ...more] = steps;
    if (only && more.length === 0) return this.#task(only);
    return {
      title: steps.map(({ name }) => name).join(", "),
      task: (_, branch) => branch.newListr(steps.map((step) => this.#task(step))),
    };
  }

  #task({ name, purpose }: Step<Context>): ListrTask {
    const usually = tellUsual(name, this.#usual);
    const waits = usually.replace(", usually", " Usually");
    return {
      title: `${name}  ${purpose}${waits}`,
      task: async (_, task) => {
        const timer = setInterval(() => {
          const since = this.#running.since(name);
          if (since !== null)
            task.title = `${name}  ${purpose} Since ${tellRunning(since, Date.now())}${usually}`;
        }, TICK_MS);
        const ending = await this.#waiting.get(name)?.ended.finally(() => clearInterval(timer));
        if (!ending) return;
        if (ending.kind === "failed") throw new Error(`${name}: ${ending.text}`);
        if (ending.kind === "without") task.skip(`${name}: ${ending.text}`);
        else task.title = `${name}  ${ending.text}${usually}`;
      },
    };
  }

  /** An execution that is continued tells nothing of the steps behind it. */
  #skipWhatCameBefore(step: string): void {
    const before = (names: readonly string[]): void => {
      for (const name of names)
        this.#waiting.get(name)?.end({ kind: "done", text: "was done in an earlier run" });
    };
    for (const part of this.#runbook.parts) {
      const branches = branchesOf(part);
      const own = branches.find((branch) => branch.some(({ name }) => name === step));
      if (own) {
        const names = own.map(({ name }) => name);
        before(names.slice(0, names.indexOf(step)));
        return;
      }
      before(branches.flat().map(({ name }) => name));
    }
  }
}
