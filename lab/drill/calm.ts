import type { SecondFigures } from "../traders/figures.ts";

/** Answers fall short of the requested rate by no more than this where all is well. */
const LEAST_SHARE = 0.9;
/** More answers than requests: what piled up during an outage is still being worked off. */
const MOST_SHARE = 1.15;
/** As many requests under way as half a second brings: on the average, an answer takes no longer than that. */
const MOST_PENDING_SECONDS = 0.5;
const MOST_PENDING_SECONDS_WHEN_SLOW = 2;

/** Why the load is not undisturbed in this second, in words; null when it is. */
export function disturbance(second: SecondFigures | null, rps: number): string | null {
  if (second === null) return "nothing was answered yet";
  const answers = answersIn(second);
  if (second.errors > 0) return `${second.errors} errors in a second`;
  if (answers < rps * LEAST_SHARE) return `only ${answers} answers in a second`;
  if (worksOffBacklog(second, rps)) return `${answers} answers in a second: a backlog is being worked off`;
  if (second.pending > rps * MOST_PENDING_SECONDS) return `${second.pending} requests under way`;
  return null;
}

/** Everything asked now is answered, and more: an outage's backlog gets shorter, as fast as traders ask again. */
export const worksOffBacklog = (second: SecondFigures, rps: number): boolean =>
  second.errors === 0 && answersIn(second) > rps * MOST_SHARE;

const answersIn = ({ acknowledged, refused, answered }: SecondFigures): number =>
  acknowledged + refused + answered;

/** Why traders are not served, in words, on however slow a machine; null when they are. */
export function failing(second: SecondFigures | null, rps: number): string | null {
  if (second === null) return "nothing was answered yet";
  if (second.errors > 0) return `${second.errors} errors in a second`;
  if (second.acknowledged === 0) return "no acknowledgement in a second";
  return second.pending > rps * MOST_PENDING_SECONDS_WHEN_SLOW
    ? `${second.pending} requests under way`
    : null;
}

/**
 * As {@link disturbance}; but while others hold the machine no rate is asked for: what counts then is that traders are
 * served.
 */
export function disturbanceBeside(
  second: SecondFigures | null,
  rps: number,
  heldByOthers: () => string | null,
): string | null {
  const because = disturbance(second, rps);
  return because === null || heldByOthers() === null ? because : failing(second, rps);
}
