import { formatCount, formatMs } from "@castle/dr-runbooks/report/format.ts";
import type { DrillEvent, LoadView } from "./chronicle.ts";

/** What the live line shows: kept by {@link after}, drawn by {@link liveLine}. */
export interface ViewState {
  readonly act: { readonly name: string; readonly since: number } | null;
  /** The step at work, or what it waits for. */
  readonly step: string | null;
  readonly load: LoadView | null;
}

export const nothingYet: ViewState = { act: null, step: null, load: null };

/** The state an event leads to. `at` in milliseconds, of any clock. Pure. */
export function after(state: ViewState, event: DrillEvent, at: number): ViewState {
  switch (event.kind) {
    case "act-started":
      return { ...state, act: { name: event.name, since: at }, step: null };
    case "act-ended":
      return { ...state, act: null, step: null };
    case "step":
      return event.event.kind === "step-started" ? { ...state, step: event.event.step } : state;
    case "awaiting":
      return { ...state, step: event.what };
    case "load":
      return { ...state, load: event.view };
    case "note":
      return state;
    default:
      return event satisfies never;
  }
}

/** The line that stays for an event; null for those that only move the live line. */
export function lastingLine(event: DrillEvent): string | null {
  switch (event.kind) {
    case "act-ended":
      return event.error === null
        ? `  ✓ ${event.name.padEnd(44)} ${formatMs(event.tookMs).padStart(8)}${useOf(event)}`
        : `  ✗ ${event.name}: ${event.error}`;
    case "step":
      return stepLine(event.event);
    case "note":
      return `    ${event.text}`;
    case "act-started":
    case "awaiting":
    case "load":
      return null;
    default:
      return event satisfies never;
  }
}

/** What is shorter has too few ticks of the machine's clock to tell of. */
const LEAST_USE_MS = 500;

const useOf = ({ tookMs, use }: Extract<DrillEvent, { kind: "act-ended" }>): string =>
  use && tookMs >= LEAST_USE_MS ? `   CPU: Castle ${percent(use.castle)}, others ${percent(use.others)}` : "";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function stepLine(event: Extract<DrillEvent, { kind: "step" }>["event"]): string | null {
  if (event.kind === "step-done") return `      ${event.step.padEnd(42)} ${formatMs(event.ms).padStart(8)}`;
  if (event.kind === "step-failed")
    return `      ${event.step}: ${event.error}${event.tolerated ? " (the runbook goes on without it)" : ""}`;
  return null;
}

/** The line that is drawn over and over, at most `columns` wide. */
export function liveLine({ act, step, load }: ViewState, at: number, columns: number): string {
  const parts = [
    act ? `▸ ${act.name}, ${formatMs(Math.max(0, at - act.since))}` : "▸",
    step,
    load ? `${formatCount(load.acknowledgedPerSecond)} acknowledged/s` : null,
    load ? `${formatCount(load.errorsPerSecond)} errors/s` : null,
    load?.p99 ? `p99 ${formatMs(load.p99)}` : null,
  ].filter((part) => part !== null);
  return `  ${parts.join(" · ")}`.slice(0, Math.max(0, columns - 1));
}
