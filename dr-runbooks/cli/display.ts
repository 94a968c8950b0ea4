import type { ExecutionEvent } from "../engine/event.ts";
import type { Runbook } from "../engine/step.ts";
import type { ExecutionResult } from "../runbooks/result.ts";

/** Shows a run to whoever watches it. */
export interface Display {
  show(event: ExecutionEvent): void;
  /** Nothing more comes. */
  end(result: ExecutionResult | null): Promise<void>;
}

/** One event, one line of JSON; the result is the last. */
export const jsonDisplay = (out: NodeJS.WritableStream): Display => ({
  show: (event) => void out.write(`${JSON.stringify(event)}\n`),
  end: async (result) => {
    if (result) out.write(`${JSON.stringify({ kind: "result", result })}\n`);
  },
});

/** A line for everything an operator wants to have read afterwards, with the time since the run began. */
export function lineDisplay(out: NodeJS.WritableStream): Display {
  let began: number | null = null;
  return {
    show: (event) => {
      began ??= event.at;
      const text = tellEvent(event);
      if (text !== null) out.write(`${((event.at - began) / 1_000).toFixed(3).padStart(8)} s  ${text}\n`);
    },
    end: async () => undefined,
  };
}

/** An event in words; null for one that is not worth a line. */
export function tellEvent(event: ExecutionEvent): string | null {
  switch (event.kind) {
    case "started":
      return `begins execution ${event.id}`;
    case "resumed":
      return event.from === "top"
        ? "continues an execution that had done nothing irrevocable: from the top"
        : "continues an execution behind the last step that is done";
    case "step-started":
      return null;
    case "step-done":
      return `${event.step}: ${event.how === "done" ? `done in ${event.ms} ms` : "was done already"}`;
    case "step-failed":
      return `${event.step}: ${event.tolerated ? "not done, going on without" : event.how} (${event.error})`;
    case "step-skipped":
      return `${event.step}: skipped (${event.because})`;
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

/** What an operator is asked to agree to: the steps, in order. */
export function tellSteps<Context>(runbook: Runbook<Context>): string[] {
  return runbook.parts.flatMap((part) => {
    if (!("together" in part)) return [`  ${part.name.padEnd(24)} ${part.purpose}`];
    return part.together.flatMap((branch, index) =>
      branch.map((step) => `  ${index === 0 ? "┌" : "└"} ${step.name.padEnd(22)} ${step.purpose}`),
    );
  });
}
