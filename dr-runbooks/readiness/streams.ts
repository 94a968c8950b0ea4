import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";

/** Where streams end, by name. */
export type Ends = ReadonlyMap<StreamId, Seq>;

/** Commands of each stream that `holds` has and `lacks` has not; streams without any are left out. Pure. */
export const missingFrom = (lacks: Ends, holds: Ends): Ends =>
  new Map(
    [...holds]
      .map(([stream, end]) => [stream, end - (lacks.get(stream) ?? 0)] as const)
      .filter(([, missing]) => missing > 0),
  );

/** The further end of each stream. Pure. */
export const furthest = (one: Ends, other: Ends): Ends =>
  new Map(
    [...new Set([...one.keys(), ...other.keys()])].map((stream) => [
      stream,
      Math.max(one.get(stream) ?? 0, other.get(stream) ?? 0),
    ]),
  );

export const total = (ends: Ends): number => [...ends.values()].reduce((sum, count) => sum + count, 0);

export const tellEnds = (ends: Ends): string =>
  [...ends].map(([stream, count]) => `${count} of ${stream}`).join(", ");
