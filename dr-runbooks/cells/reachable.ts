import { setTimeout as sleep } from "node:timers/promises";
import { type Duration, seconds } from "@castle/regions/duration.ts";

/** What could not be learnt, and why. */
export interface Unreachable {
  readonly unreachable: string;
}

/** How long somebody who only reads waits: for a busy machine, or for AWS across a continent and a sign-in away. */
export const ANSWERS_WITHIN: Duration = seconds(5);

/**
 * How long a handover waits for a cell that may be lost: every second is one without trading. A lab's is on this
 * machine.
 */
export const lostCellAnswersWithin = ({ kind }: { readonly kind: "lab" | "aws" }): Duration =>
  kind === "lab" ? seconds(1) : ANSWERS_WITHIN;

/** Resolves with what was found, or with why nothing was, within the given time. Never rejects. */
export async function orUnreachable<Found>(
  found: Promise<Found>,
  within: Duration = seconds(1),
): Promise<Found | Unreachable> {
  const waiting = new AbortController();
  const tooLate = sleep(within.ms, { unreachable: `no answer within ${within}` }, { signal: waiting.signal });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([found, tooLate]);
  } catch (error) {
    return { unreachable: reason(error) };
  } finally {
    waiting.abort();
  }
}

/** Node names the reasons of a connection that failed on every address in an AggregateError without words. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reason))].join(", ");
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.name : error.message;
}
