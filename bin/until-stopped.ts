/** The work did not end in its time. */
export class TookTooLong extends Error {}

/** What came of it; `interrupted` when a person, or who started us, has stopped it. */
export type Ended<Result> = { readonly result: Result } | "interrupted";

/**
 * Does something that Ctrl-C, SIGTERM or the limit stops through its signal.
 * @throws TookTooLong when the limit has stopped it; what the work throws otherwise
 */
export async function untilStopped<Result>(
  minutes: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Ended<Result>> {
  const interruption = new AbortController();
  const onSignal = (): void => interruption.abort(new Error("interrupted"));
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const limit = AbortSignal.timeout(minutes * 60_000);
  try {
    return { result: await work(AbortSignal.any([interruption.signal, limit])) };
  } catch (error) {
    if (interruption.signal.aborted) return "interrupted";
    if (limit.aborted)
      throw new TookTooLong(
        `a program did not end within ${minutes} minutes: something it started keeps it at work`,
        { cause: error },
      );
    throw error;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
