import { Duration } from "@castle/regions/duration.ts";
import type { Unreachable } from "../cells/reachable.ts";
import { tellClaim } from "../engine/held-by.ts";
import type { CastleStatus, CellStatus } from "../status.ts";

/** A Castle's status for people, a line each. Pure. */
export function tellStatus(status: CastleStatus, now: number): string[] {
  return [
    witnessLine(status.witness, now),
    ...("unreachable" in status.witness || status.witness.claim === null
      ? []
      : [`at work: ${tellClaim(status.witness.claim, now)}`]),
    ...status.cells.flatMap((cell) => ["", ...cellLines(cell, status.witness)]),
    ...unfinishedLines(status.unfinished),
  ];
}

function witnessLine(witness: CastleStatus["witness"], now: number): string {
  if (isUnreachable(witness)) return `witness: unreachable (${witness.unreachable})`;
  const age = Duration.ms(Math.max(0, now - witness.changedAt));
  return `witness: epoch ${witness.epoch}, ${witness.activeRegion} active, ${witness.mode} for ${age} (by ${witness.changedBy})`;
}

function cellLines(cell: CellStatus, witness: CastleStatus["witness"]): string[] {
  const role = isUnreachable(witness)
    ? "role unknown"
    : witness.activeRegion === cell.region
      ? "active"
      : "standby";
  return [
    `${cell.region}  ${role}`,
    line("database", cell.database, ({ writer, epoch, region, gate, durability }) =>
      [`${writer ? "writer" : "reader"}`, `epoch ${epoch} of ${region}`, `gate ${gate}`, durability].join(
        ", ",
      ),
    ),
    ...(isUnreachable(cell.database)
      ? []
      : cell.database.streams.map(
          ({ stream, lastSeq, appliedSeq }) =>
            `    ${stream.padEnd(9)} accepted ${lastSeq}, applied ${appliedSeq}`,
        )),
    line("journal", cell.journal, ({ epoch, marks }) =>
      [`epoch ${epoch}`, ...Object.entries(marks).map(([stream, mark]) => `${stream} to ${mark}`)].join(", "),
    ),
    line("cache", cell.cache, ({ role: held }) => held),
    line("endpoint", cell.endpoint, ({ weight }) => (weight === null ? "taken out" : `weight ${weight}`)),
  ];
}

function line<Found extends object>(
  name: string,
  found: Found | Unreachable,
  tell: (found: Found) => string,
): string {
  return `  ${name.padEnd(9)} ${isUnreachable(found) ? `unreachable (${found.unreachable})` : tell(found)}`;
}

function unfinishedLines(unfinished: CastleStatus["unfinished"]): string[] {
  if (isUnreachable(unfinished)) return ["", `executions: ${unfinished.unreachable}`];
  return unfinished.flatMap(({ id, lastStep, failure }) => [
    "",
    `unfinished: ${id}, ${lastStep === null ? "no step done" : `done up to ${lastStep}`}`,
    ...(failure ? [`  ended at ${failure.step}: ${failure.error}`] : []),
  ]);
}

const isUnreachable = (found: object): found is Unreachable => "unreachable" in found;
