/** A step failed, or an approval was not given, and the runbook cannot go on without it. */
export class StepFailure extends Error {
  readonly step: string;
  /** It is known to have done nothing, in this run or before. */
  readonly didNothing: boolean;
  override readonly cause: Error;

  constructor(step: string, cause: unknown, didNothing: boolean) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    super(error.message, { cause: error });
    this.step = step;
    this.cause = error;
    this.didNothing = didNothing;
  }
}
