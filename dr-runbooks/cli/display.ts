import { Duration } from "@castle/regions/duration.ts";
import type { Approval } from "../engine/approval.ts";
import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import { isApproval, type Part, type Runbook } from "../engine/runbook.ts";
import type { FailedHow } from "../engine/state.ts";
import type { Step } from "../engine/step.ts";
import { tellWho } from "../engine/who.ts";
import type { ExecutionResult } from "../runbooks/result.ts";
import type { TradersTold } from "../traders/traders-view.ts";
import { seldom } from "./seldom.ts";
import { tellTraders } from "./tell-traders.ts";

/** Shows a run to whoever watches it. */
export interface Display {
  show(event: ExecutionEvent): void;
  /** What traders meet in a cell meanwhile. */
  traders(told: TradersTold): void;
  /** What is being waited for, told often: `rejoin-database: it does not follow yet`. */
  awaiting(what: string): void;
  /** Something that is no event, to be read at once. */
  note(text: string): void;
  /** Resolves once nothing is drawn, so that somebody can be asked. */
  still(): Promise<void>;
  /** Nothing more comes. */
  end(result: ExecutionResult | null): Promise<void>;
}

/** How long steps usually take: milliseconds by name. */
export type Usual = ReadonlyMap<string, number>;

const toStderr = (text: string): void => void process.stderr.write(`castle: ${text}\n`);

/** At most so often is told what is awaited; the ends of streams move on all the time. */
const TELL_AWAITING_EVERY_MS = 2_000;

/** The step that awaits something, as it is told. */
const awaitingStep = (what: string): string => what.split(":", 1)[0] ?? "";

/** One event, one line of JSON; the result is the last. */
export function jsonDisplay(out: NodeJS.WritableStream): Display {
  const line = (told: object): void => void out.write(`${JSON.stringify(told)}\n`);
  const awaiting = seldom(TELL_AWAITING_EVERY_MS);
  return {
    show: line,
    traders: line,
    awaiting: (what) => {
      if (awaiting(awaitingStep(what))) line({ kind: "awaiting", at: Date.now(), what });
    },
    note: toStderr,
    still: async () => undefined,
    end: async (result) => {
      if (result) line({ kind: "result", result });
    },
  };
}

/** How often a step that takes its time is told of, and what traders meet. */
const TELL_RUNNING_EVERY_MS = 10_000;
const TELL_TRADERS_EVERY_MS = 5_000;

/**
 * A line for everything an operator wants to have read afterwards, with the time since the run began; and now and then
 * one for what is still at work.
 */
export function lineDisplay(out: NodeJS.WritableStream, usual: Usual = new Map()): Display {
  let began: number | null = null;
  const running = new Running();
  const line = (at: number, text: string): void => {
    began ??= at;
    out.write(`${((at - began) / 1_000).toFixed(3).padStart(8)} s  ${text}\n`);
  };
  const traders = seldom(TELL_TRADERS_EVERY_MS);
  const awaiting = seldom(TELL_AWAITING_EVERY_MS);
  const timer = setInterval(() => {
    const now = Date.now();
    for (const step of running.steps())
      line(
        now,
        `${step}: at work since ${tellRunning(running.since(step) ?? now, now)}${tellUsual(step, usual)}`,
      );
  }, TELL_RUNNING_EVERY_MS).unref();
  return {
    show: (event) => {
      began ??= event.at;
      running.note(event);
      const text = tellEvent(event, usual);
      if (text !== null) line(event.at, text);
    },
    traders: (told) => {
      if (traders(told.region)) line(told.at, `traders  ${tellTraders(told)}`);
    },
    awaiting: (what) => {
      if (awaiting(awaitingStep(what))) out.write(`           … ${what}\n`);
    },
    note: toStderr,
    still: async () => undefined,
    end: async () => clearInterval(timer),
  };
}

/** The steps at work, and since when. */
export class Running {
  readonly #since = new Map<string, number>();

  note(event: ExecutionEvent): void {
    if (event.kind === "step-started") this.#since.set(event.step, event.at);
    else if (event.kind === "step-done" || event.kind === "step-failed") this.#since.delete(event.step);
  }

  steps(): string[] {
    return [...this.#since.keys()];
  }

  /** Milliseconds since 1970; null for a step that is not at work. */
  since(step: string): number | null {
    return this.#since.get(step) ?? null;
  }
}

/** `12:03:04 UTC, 4.0 s`. */
export const tellRunning = (since: number, now: number): string =>
  `${tellInstant(since)}, ${Duration.ms(Math.max(0, now - since))}`;

/** `, usually 15 ms`; nothing for a step that never ran. */
export function tellUsual(step: string, usual: Usual): string {
  const ms = usual.get(step);
  return ms === undefined ? "" : `, usually ${Duration.ms(ms)}`;
}

/** How a step failed, in words that tell what is known of it. */
const FAILED: Readonly<Record<FailedHow, string>> = {
  failed: "failed",
  "timed-out": "timed out",
  blocked: "blocked, it did nothing",
  unknown: "begun, and nobody can tell whether it is done; the next run asks first",
};

/** How an answer was given. */
const HOW: Readonly<Record<EventOf<"approval-given">["how"], string>> = {
  terminal: "at the terminal",
  file: "by a signed file",
  flag: "ahead, with --yes",
};

export const tellHow = (how: EventOf<"approval-given">["how"]): string => HOW[how];

/** `12:03:04 UTC`. */
export const tellInstant = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** An event in words; null for one that is not worth a line. */
export function tellEvent(event: ExecutionEvent, usual: Usual = new Map()): string | null {
  switch (event.kind) {
    case "started":
      return `begins execution ${event.id}`;
    case "resumed":
      return event.from === "top"
        ? "continues an execution that had done nothing irrevocable: from the top"
        : "continues an execution behind the last step that is done";
    case "step-started":
    case "call":
      return null;
    case "looked":
      return tellLooked(event);
    case "step-done":
      return event.how === "done"
        ? `${event.step}: done in ${event.ms} ms${tellUsual(event.step, usual)}`
        : `${event.step}: was done already`;
    case "step-failed":
      return `${event.step}: ${event.tolerated ? "not done, going on without" : FAILED[event.how]} (${event.error})`;
    case "step-skipped":
      return `${event.step}: skipped (${event.because})`;
    case "passed-over":
      return `${event.part}: not needed (only if ${event.condition})`;
    case "approval-asked":
      return [
        `${event.approval}: waits for approval, for figures that count until ${tellInstant(event.until)}. ${event.purpose}`,
        ...event.figures.map((figure) => `            ${figure}`),
      ].join("\n");
    case "approval-given":
      return `${event.approval}: approved by ${event.approver ?? tellWho(event.by)} (${tellHow(event.how)}${event.because === undefined ? "" : `: ${event.because}`})`;
    case "approval-refused":
      return event.file === undefined
        ? `${event.approval}: refused (${event.because})`
        : `${event.approval}: ${event.file} does not count: ${event.because}`;
    case "paused":
      return `paused by ${tellWho(event.by)}: ${event.because}`;
    case "step-undone":
      return `${event.step}: taken back`;
    case "undo-failed":
      return `${event.step}: could not be taken back (${event.error})`;
    case "stopped":
      return `stopped: ${event.because}`;
    case "finished":
      return event.outcome === "done" ? "finished" : `over, ${event.outcome}: ${event.because ?? ""}`;
    default:
      return event satisfies never;
  }
}

/** How many of the checks that do not hold are named. */
const NAMED = 3;

function tellLooked({ when, ready, checks }: EventOf<"looked">): string {
  const names = checks
    .filter(({ outcome }) => outcome === "fails" || outcome === "unknown")
    .map(({ name }) => name);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const which = names.length === 0 ? "" : `; not seen to hold: ${names.slice(0, NAMED).join(", ")}${more}`;
  return `the peer ${when === "before" ? "was" : "is now"} ${ready ? "ready" : "not ready"} to take over${which}`;
}

/** What an operator is asked to agree to: the parts, in order, and how long each usually takes. */
export function tellSteps<Context>(runbook: Runbook<Context>, usual: Usual = new Map()): string[] {
  const told = (part: Step<Context> | Approval<Context>, group?: Part<Context>): string => {
    const ms = usual.get(part.name);
    const only = [part.when, group?.when].flatMap((when) => (when ? [`Only if ${when.words}.`] : []));
    return [part.purpose, ...only, ...(ms === undefined ? [] : [`Usually ${Duration.ms(ms)}.`])].join(" ");
  };
  return runbook.parts.flatMap((part) => {
    if (isApproval(part)) return [`  ${part.name.padEnd(24)} Asks first: ${told(part)}`];
    if (!("together" in part)) return [`  ${part.name.padEnd(24)} ${told(part)}`];
    return part.together.flatMap((branch, index) =>
      branch.map((step) => `  ${index === 0 ? "┌" : "└"} ${step.name.padEnd(22)} ${told(step, part)}`),
    );
  });
}
