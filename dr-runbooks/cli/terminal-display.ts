import { Listr, type ListrTask } from "listr2";
import type { ExecutionEvent } from "../engine/event.ts";
import { branchesOf, isApproval, type Runbook, stepsOf } from "../engine/runbook.ts";
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

/**
 * A live list of the runbook's steps: what runs, since when, and how long each usually takes. It ends where somebody is
 * asked, since a question cannot be read in a list that moves, and goes on with the rest behind it.
 */
export class TerminalDisplay<Context> implements Display {
  readonly #runbook: Runbook<Context>;
  readonly #waiting = new Map<string, Waiting>();
  /** How many parts are drawn, or were. */
  #drawn = 0;
  #shown: Promise<unknown> = Promise.resolve();
  readonly #afterwards: string[] = [];
  readonly #usual: Usual;
  readonly #running = new Running();

  constructor(runbook: Runbook<Context>, usual: Usual = new Map()) {
    this.#runbook = runbook;
    this.#usual = usual;
    for (const { name } of stepsOf(runbook)) this.#waiting.set(name, new Waiting());
    this.#drawFrom(0);
  }

  /** Draws the parts from there up to the next approval, unless they are drawn. */
  #drawFrom(index: number): void {
    const { parts } = this.#runbook;
    if (index < this.#drawn) return;
    const end = parts.findIndex((part, at) => at >= index && isApproval(part));
    const segment = parts.slice(index, end < 0 ? parts.length : end);
    this.#drawn = index + segment.length;
    if (segment.length === 0) return;
    const list = new Listr(
      segment.flatMap((part) => {
        if (isApproval(part)) return [];
        return "together" in part ? this.#group(part.together) : this.#task(part);
      }),
      // Ctrl-C is the command's to handle: a step at work is finished first.
      { registerSignalListeners: false, rendererOptions: { collapseSubtasks: false, collapseSkips: false } },
    );
    // The list ends where the run does; what went wrong is told by the command.
    this.#shown = this.#shown.then(() => list.run()).catch(() => undefined);
  }

  /** Draws what stands behind the approval of this name. */
  #drawBehind(approval: string): void {
    this.#drawFrom(this.#runbook.parts.findIndex((part) => isApproval(part) && part.name === approval) + 1);
  }

  /** Draws the part that has the step; an execution that is continued may have passed approvals before. */
  #drawUpTo(step: string): void {
    const { parts } = this.#runbook;
    const at = parts.findIndex((part) =>
      branchesOf(part)
        .flat()
        .some(({ name }) => name === step),
    );
    if (at >= this.#drawn) this.#drawFrom(parts.slice(0, at).findLastIndex(isApproval) + 1);
  }

  show(event: ExecutionEvent): void {
    this.#running.note(event);
    switch (event.kind) {
      case "step-started":
        this.#drawUpTo(event.step);
        this.#skipWhatCameBefore(event.step);
        return;
      case "step-done":
        this.#waiting
          .get(event.step)
          ?.end({ kind: "done", text: event.how === "done" ? `${event.ms} ms` : "was done already" });
        return;
      case "passed-over":
        if (event.of === "approval") this.#drawBehind(event.part);
        this.#waiting.get(event.part)?.end({ kind: "without", text: `only if ${event.condition}` });
        return;
      case "approval-asked":
        this.#skipWhatCameBefore(event.approval);
        void this.#say(tellEvent(event) ?? "");
        return;
      case "approval-refused":
        void this.#say(tellEvent(event) ?? "");
        return;
      case "approval-given":
        void this.#say(tellEvent(event) ?? "");
        this.#drawBehind(event.approval);
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

  async still(): Promise<void> {
    await this.#shown;
  }

  /** Behind the list that is drawn, and before the next one. */
  #say(text: string): Promise<unknown> {
    this.#shown = this.#shown.then(() => process.stdout.write(`${text}\n`));
    return this.#shown;
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
  #skipWhatCameBefore(stepOrApproval: string): void {
    const before = (names: readonly string[]): void => {
      for (const name of names)
        this.#waiting.get(name)?.end({ kind: "done", text: "was done in an earlier run" });
    };
    for (const part of this.#runbook.parts) {
      if (isApproval(part) && part.name === stepOrApproval) return;
      const branches = branchesOf(part);
      const own = branches.find((branch) => branch.some(({ name }) => name === stepOrApproval));
      if (own) {
        const names = own.map(({ name }) => name);
        before(names.slice(0, names.indexOf(stepOrApproval)));
        return;
      }
      before(branches.flat().map(({ name }) => name));
    }
  }
}
