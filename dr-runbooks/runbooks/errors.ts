import type { WitnessRefusal } from "@castle/regions/witness/record.ts";
import type { ExecutionResult } from "./result.ts";

/** The handover was not begun: the witness's record does not allow it. */
export class HandoverRefused extends Error {
  readonly refusal: WitnessRefusal | "unfinished-failover";

  constructor(refusal: WitnessRefusal | "unfinished-failover", because: string) {
    super(because);
    this.name = "HandoverRefused";
    this.refusal = refusal;
  }
}

/** An execution can not be continued, skipped or canceled as asked: why, and what can be done instead. */
export class ExecutionRefused extends Error {
  constructor(because: string) {
    super(because);
    this.name = "ExecutionRefused";
  }
}

/** The handover was begun and did not get to its end. */
export class HandoverFailed extends Error {
  readonly result: ExecutionResult;
  /** The step at which it ended. */
  readonly step: string;
  /** Running it again goes on with it. Otherwise everything done was taken back, and it is over. */
  readonly resumable: boolean;
  override readonly cause: Error;

  constructor(result: ExecutionResult, ended: { step: string; cause: Error; resumable: boolean }) {
    const next = ended.resumable
      ? `Continue it with: castle ${result.kind} --to ${result.to} (or castle resume ${result.id})`
      : `What it had done is taken back, and ${result.from} keeps the role`;
    super(`${result.kind} ${result.id} ended at ${ended.step}: ${ended.cause.message}. ${next}`, {
      cause: ended.cause,
    });
    this.name = "HandoverFailed";
    this.result = result;
    this.step = ended.step;
    this.resumable = ended.resumable;
    this.cause = ended.cause;
  }
}
