import { Duration, minutes } from "@castle/regions/duration.ts";
import type { Mode } from "@castle/regions/role.ts";
import type { HeldRecord } from "@castle/regions/witness/item.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { z } from "zod";
import { Cell } from "../cells/cell.ts";
import {
  ANSWERS_WITHIN,
  lostCellAnswersWithin,
  orUnreachable,
  type Unreachable,
} from "../cells/reachable.ts";
import type { CellRegion, Target } from "../target.ts";
import { type ReplicationLag, replicationLag } from "./replication-lag.ts";

/** What a handover out of the present state may lose, as far as it can be known from here and now. */
export interface Exposure {
  readonly activeRegion: CellRegion;
  readonly mode: Mode;
  /** Since when the record stands, by the clock of whoever changed it: milliseconds since 1970. */
  readonly since: number;
  /** What the target holds of each stream: the higher of its database's end and its journal's mark. */
  readonly held: ReadonlyMap<StreamId, Seq> | Unreachable;
  /** Where each stream ends in the active cell, if that can still be asked. */
  readonly accepted: ReadonlyMap<StreamId, Seq> | Unreachable;
  /** How far the target's database is behind the active one, at most. */
  readonly lag: ReplicationLag | Unreachable;
}

/** How long figures may be consented to: a cell in solo goes on accepting. */
export const EXPOSURE_HOLDS = minutes(5);

/**
 * Looks; changes nothing. Whatever does not answer soon is told as unreachable. Never rejects.
 * @param held the witness's record as it stands. @param activeRegion the cell that may hold more: the one it names, or
 * the one that was active before.
 */
export async function measureExposure(
  target: Target,
  to: CellRegion,
  held: HeldRecord,
  activeRegion: CellRegion = held.record.activeRegion,
): Promise<Exposure> {
  const { mode } = held.record;
  const [there, lag, accepted] = await Promise.all([
    look(new Cell(to, target.cells[to]), heldBy, ANSWERS_WITHIN),
    look(new Cell(to, target.cells[to]), ({ database }) => replicationLag(database.knex, to), ANSWERS_WITHIN),
    look(new Cell(activeRegion, target.cells[activeRegion]), acceptedBy, lostCellAnswersWithin(target)),
  ]);
  return { activeRegion, mode, since: held.changedAt, held: there, accepted, lag };
}

async function look<Found>(
  cell: Cell,
  find: (cell: Cell) => Promise<Found>,
  within: Duration,
): Promise<Found | Unreachable> {
  const found = await orUnreachable(find(cell), within);
  void cell.close();
  return found;
}

async function heldBy({ database, journal }: Cell): Promise<ReadonlyMap<StreamId, Seq>> {
  const [streams, marks] = await Promise.all([database.streams(), journal.highWater()]);
  return new Map(
    streams.map(({ stream, lastSeq }) => [stream, Math.max(lastSeq, marks.get(stream) ?? 0)] as const),
  );
}

async function acceptedBy({ database }: Cell): Promise<ReadonlyMap<StreamId, Seq>> {
  return new Map((await database.streams()).map(({ stream, lastSeq }) => [stream, lastSeq] as const));
}

/** The exposure as a record keeps it beside the question that it was shown with. */
export const exposureFactsSchema = z.object({
  mode: z.enum(["paired", "solo"]),
  /** Since when: milliseconds since 1970. */
  since: z.number(),
  /** Commands that the active cell holds and the target lacks, at that moment; null when they cannot be counted. */
  missing: z.number().int().nonnegative().nullable(),
  /** How far the target's database was behind, at most: milliseconds; null when that cannot be told. */
  lagMs: z.number().nonnegative().nullable(),
});

export type ExposureFacts = z.infer<typeof exposureFactsSchema>;

/** Pure. */
export function exposureFacts(exposure: Exposure): ExposureFacts {
  const { mode, since, lag } = exposure;
  const missing = missingOf(exposure);
  return {
    ...{ mode, since },
    missing: missing === null ? null : missing.reduce((sum, [, count]) => sum + count, 0),
    lagMs: "unreachable" in lag ? null : lag.atMost.ms,
  };
}

/** What the target lacks of each stream; null when either side cannot be seen. */
function missingOf({ held, accepted }: Exposure): (readonly [StreamId, number])[] | null {
  if ("unreachable" in held || "unreachable" in accepted) return null;
  return [...accepted]
    .map(([stream, seq]) => [stream, seq - (held.get(stream) ?? 0)] as const)
    .filter(([, count]) => count > 0);
}

/** The exposure in words, a line each: what an operator consents to. Pure. */
export function tellExposure(exposure: Exposure, now: number): string[] {
  return [tellMode(exposure, now), tellMissing(exposure), tellLag(exposure)];
}

function tellMode({ activeRegion, mode, since }: Exposure, now: number): string {
  const age = Duration.ms(Math.max(0, now - since));
  return mode === "solo"
    ? `${activeRegion} has been solo for ${age} (since ${new Date(since).toISOString()}): what it acknowledged in that time may exist there alone.`
    : `${activeRegion} has been paired for ${age}: every command it acknowledged is durable in both regions.`;
}

export function tellMissing(exposure: Exposure): string {
  const { activeRegion, held, accepted } = exposure;
  if ("unreachable" in held) return `What the target holds cannot be seen: ${held.unreachable}`;
  if ("unreachable" in accepted)
    return `The target holds ${[...held].map(([stream, seq]) => `${stream} up to ${seq}`).join(", ")}; what ${activeRegion} has beyond that cannot be counted, since it does not answer.`;
  const missing = missingOf(exposure) ?? [];
  if (missing.length === 0) return "The target holds every command accepted so far.";
  const total = missing.reduce((sum, [, count]) => sum + count, 0);
  return `The target lacks, at this moment: ${missing.map(([stream, count]) => `${count} of ${stream}`).join(", ")}; ${total} command${total === 1 ? "" : "s"} in all.`;
}

export function tellLag({ lag }: Exposure): string {
  if ("unreachable" in lag)
    return `How far the target's database is behind cannot be told: ${lag.unreachable}`;
  return lag.isComplete
    ? `Nothing that was sent to the target's database is missing there; it heard from the writer ${lag.atMost} ago.`
    : `The target's database is at most ${lag.atMost} behind.`;
}
