import type { OperationResult } from "./result.ts";

/** The operation was not begun: the witness's record does not allow it. */
export class OperationRefused extends Error {
  constructor(because: string) {
    super(because);
    this.name = "OperationRefused";
  }
}

/** The operation was begun and did not get to its end. The same command goes on with it. */
export class OperationFailed extends Error {
  readonly result: OperationResult;
  /** The step at which it ended. */
  readonly step: string;
  override readonly cause: Error;

  constructor(result: OperationResult, step: string, cause: Error) {
    super(
      `${result.kind} ${result.id} ended at ${step}: ${cause.message}. Continue it with: castle ${result.kind} --region ${result.region}`,
      { cause },
    );
    this.name = "OperationFailed";
    this.result = result;
    this.step = step;
    this.cause = cause;
  }
}
