import type { Epoch } from "@castle/regions/epoch.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { z } from "zod";
import type { ExecutionState, SettledStep } from "../engine/state.ts";
import { FENCE_OLD_CELL } from "../steps/fence-old-cell.ts";
import { REPLAY_JOURNAL } from "../steps/replay-journal.ts";
import type { CellRegion } from "../target.ts";
import { type HandoverKind, handoverPlanSchema } from "./plan.ts";

/** One step as the report shows it. */
export interface StepTold {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ms: number;
  /** Other than done only for a step that the runbook may do without, or that an operator skipped. */
  readonly outcome: SettledStep["outcome"];
  /** Why it failed or was skipped; null for a step that is done. */
  readonly error: string | null;
}

/** What became of a handover. Instants in milliseconds since 1970. */
export interface ExecutionResult {
  readonly id: string;
  readonly kind: HandoverKind;
  readonly from: CellRegion;
  readonly to: CellRegion;
  /** The epoch that the handover began. */
  readonly epoch: Epoch;
  /** An earlier run began the execution, and this one went on with it. */
  readonly resumed: boolean;
  readonly startedAt: number;
  /** null while it is not finished. */
  readonly finishedAt: number | null;
  /** In the order in which they ended. */
  readonly steps: readonly StepTold[];
  /** Duration of each step by name, in milliseconds. */
  readonly phasesMs: Readonly<Record<string, number>>;
  /** Commands that the journal held and the database lacked, by stream. */
  readonly replayed: Readonly<Record<StreamId, Seq>>;
  /** When the fence was seen to refuse the old epoch; null when it was not (yet), or could not be confirmed. */
  readonly fencedAt: number | null;
}

const replayedSchema = z.object({ replayed: z.record(z.string(), z.number()) });

/** Reads the result off an execution's record. Pure. */
export function resultOf(state: ExecutionState, resumed: boolean): ExecutionResult {
  const plan = handoverPlanSchema.parse(state.plan);
  const fence = state.settled.find(({ step }) => step === FENCE_OLD_CELL);
  const replay = replayedSchema.safeParse(state.settled.find(({ step }) => step === REPLAY_JOURNAL)?.facts);
  return {
    id: state.id,
    kind: plan.kind,
    from: plan.from,
    to: plan.to,
    epoch: plan.epoch,
    resumed,
    startedAt: state.startedAt,
    finishedAt: state.finished?.at ?? null,
    steps: state.settled.map(({ step, startedAt, ms, outcome, error }) => ({
      name: step,
      startedAt,
      ms,
      outcome,
      error,
    })),
    phasesMs: Object.fromEntries(state.settled.map(({ step, ms }) => [step, ms])),
    replayed: replay.success ? replay.data.replayed : {},
    fencedAt: fence && fence.error === null ? fence.endedAt : null,
  };
}
