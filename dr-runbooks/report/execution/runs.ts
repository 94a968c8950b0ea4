import type { ExecutionEvent } from "../../engine/event.ts";
import type { ReportedRun } from "./report.ts";

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/**
 * The runs of an execution, each with its steps, read off the record's events in order. Pure.
 * @param isHeld whether a living process is at work on it
 */
export function runsOf(events: readonly ExecutionEvent[], isHeld: boolean): ReportedRun[] {
  const runs: Mutable<ReportedRun>[] = [];
  for (const event of events) {
    if (event.kind === "started" || event.kind === "resumed")
      runs.push({
        ...{ by: event.by ?? null, startedAt: event.at, endedAt: event.at },
        ...{ how: "killed", because: null, steps: [], marks: [] },
      });
    const run = runs.at(-1);
    if (run) tell(run, event);
  }
  const last = runs.at(-1);
  if (last?.how === "killed" && isHeld) last.how = "running";
  return runs;
}

function tell(run: Mutable<ReportedRun>, event: ExecutionEvent): void {
  run.endedAt = Math.max(run.endedAt, event.at);
  switch (event.kind) {
    case "step-started":
      run.steps.push({ name: event.step, startedAt: event.at, endedAt: null, outcome: "cut-off" });
      return;
    case "step-done":
    case "step-failed": {
      const step = run.steps.findLast(({ name }) => name === event.step);
      if (step) Object.assign(step, { endedAt: event.at, outcome: event.how });
      return;
    }
    case "call":
      if (!event.reads)
        run.marks.push({
          at: event.at,
          step: event.during,
          what: `${event.service}:${event.operation} in ${event.region}`,
        });
      return;
    case "stopped":
      Object.assign(run, { how: "stopped", because: event.because });
      return;
    case "finished":
      Object.assign(run, { how: "finished", because: event.because ?? null });
      return;
    default:
      return;
  }
}
