import { type Markup, markup } from "@castle/regions/page/markup.ts";
import type { ExecutionReport, ReportedStep } from "./report.ts";

/** `2026-11-20 19:06:12.345 UTC`. */
export const instant = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 23).replace("T", " ")} UTC`;

/** `19:06:12.345`: where the day stands beside it. */
export const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);

/** Said with a sign and a word, so that no colour is needed. */
export const holds = (yes: boolean | null, no = "does not hold"): Markup => {
  if (yes === null) return markup`<span>– cannot be said</span>`;
  return yes ? markup`<span class="ok">✓ holds</span>` : markup`<span class="not-ok">✗ ${no}</span>`;
};

const OUTCOMES: Readonly<Record<string, string>> = {
  done: "✓ done",
  "already-done": "✓ was done already",
  skipped: "↷ skipped",
  "passed-over": "↷ passed over",
  failed: "✗ failed",
  "timed-out": "✗ timed out",
  blocked: "✗ blocked: it did nothing",
  unknown: "? begun; nobody can tell whether it is done",
  running: "… at work",
  "cut-off": "✗ cut off",
  "taken-back": "↶ taken back",
  "not-begun": "– not begun",
};

export function outcomeOf({ outcome }: Pick<ReportedStep, "outcome">): Markup {
  const words = OUTCOMES[outcome] ?? outcome;
  const kind = words.startsWith("✓") ? "ok" : words.startsWith("✗") ? "not-ok" : "";
  return markup`<span class="${kind}">${words}</span>`;
}

const STANDINGS: Readonly<Record<ExecutionReport["standing"], string>> = {
  done: "✓ done",
  undone: "↶ taken back",
  canceled: "↶ called off",
  superseded: "↷ superseded",
  stopped: "✗ stopped",
  paused: "… paused",
  killed: "✗ cut off",
  running: "… at work",
  waiting: "… waits for approval",
};

export function standingOf({ standing }: Pick<ExecutionReport, "standing">): Markup {
  const words = STANDINGS[standing];
  const kind = words.startsWith("✓") ? "pass" : words.startsWith("✗") ? "fail" : "open";
  return markup`<span class="verdict ${kind}">${words}</span>`;
}
