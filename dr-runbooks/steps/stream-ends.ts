import type { StreamId } from "@castle/services/kernel/domain/command.ts";

/** Where a stream ends. */
export interface StreamEnd {
  readonly stream: StreamId;
  readonly lastSeq: number;
}

/** Streams by where they end, as marks are. */
export const endsByStream = (ends: readonly StreamEnd[]): ReadonlyMap<StreamId, number> =>
  new Map(ends.map(({ stream, lastSeq }) => [stream, lastSeq] as const));

/** How many commands of the ends are reached, over all streams: grows to their sum. */
export const sumReached = (ends: readonly StreamEnd[], reached: ReadonlyMap<StreamId, number>): number =>
  ends.reduce((sum, { stream, lastSeq }) => sum + Math.min(lastSeq, reached.get(stream) ?? 0), 0);

/** What does not reach to the ends, in words, one for each stream: "BTCUSDT up to 3 of 5". */
export const shortOf = (
  ends: readonly StreamEnd[],
  reached: ReadonlyMap<StreamId, number>,
  within = 0,
): string[] =>
  ends
    .filter(({ stream, lastSeq }) => (reached.get(stream) ?? 0) < lastSeq - within)
    .map(({ stream, lastSeq }) => `${stream} up to ${reached.get(stream) ?? 0} of ${lastSeq}`);
