import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import type { ExecutionRecord } from "../engine/record.ts";
import { type Runbook, stepsOf } from "../engine/runbook.ts";
import { whoActs } from "../engine/who.ts";
import { CHECK_INVARIANTS } from "../steps/check-invariants.ts";
import { FENCE_OLD_CELL } from "../steps/fence-old-cell.ts";
import { RAISE_DATABASE_EPOCH } from "../steps/raise-database-epoch.ts";
import { REPLAY_JOURNAL } from "../steps/replay-journal.ts";
import { TAKE_THE_ROLE } from "../steps/take-the-role.ts";
import { ExecutionRefused } from "./errors.ts";

/** A step to go on without, and why. */
export interface Skip {
  readonly step: string;
  readonly because: string;
}

/** What safety rests on: one writer, nothing acknowledged lost, money conserved. No reason is good enough. */
export const NEVER_SKIPPED: readonly string[] = [
  TAKE_THE_ROLE,
  FENCE_OLD_CELL,
  RAISE_DATABASE_EPOCH,
  REPLAY_JOURNAL,
  CHECK_INVARIANTS,
];

/** @throws ExecutionRefused before anything is done. Pure. */
export function requireSkippable<Context>(runbook: Runbook<Context>, skips: readonly Skip[]): void {
  const names = stepsOf(runbook).map(({ name }) => name);
  for (const { step, because } of skips) {
    if (!names.includes(step))
      throw new ExecutionRefused(`${runbook.name} has no step ${step}; it has ${names.join(", ")}`);
    if (NEVER_SKIPPED.includes(step))
      throw new ExecutionRefused(
        `${step} cannot be skipped: that no two cells trade and nothing is lost rests on it`,
      );
    if (because.trim() === "")
      throw new ExecutionRefused(`${step} is skipped only for a reason: --because "…"`);
  }
}

/** Writes down that the execution goes on without the steps. Those that are behind it already stay as they are. */
export async function skip(
  record: ExecutionRecord,
  skips: readonly Skip[],
  onEvent: (event: ExecutionEvent) => void,
): Promise<void> {
  for (const { step, because } of skips) {
    if (record.state.settled.some((settled) => settled.step === step)) continue;
    const event: EventOf<"step-skipped"> = {
      kind: "step-skipped",
      at: Date.now(),
      step,
      because,
      by: whoActs(),
    };
    await record.append(event, { durable: true });
    onEvent(event);
  }
}
