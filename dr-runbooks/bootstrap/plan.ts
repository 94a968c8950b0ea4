import { type CellRegion, homeRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { Found, FoundDatabase, FoundJournal } from "./found.ts";

/** The first record: the home cell, alone until its engine pairs the cells. */
export const firstRecord: WitnessRecord = {
  epoch: epoch(1),
  activeRegion: homeRegion,
  mode: "solo",
  changedBy: "bootstrap",
};

/** What is to be done, in this order. Each is made whole or not at all, and harmless when repeated. */
export type Task =
  | { readonly kind: "migrate-journal"; readonly region: CellRegion; readonly migrations: readonly string[] }
  | { readonly kind: "migrate-database"; readonly region: CellRegion; readonly migrations: readonly string[] }
  | { readonly kind: "first-state"; readonly region: CellRegion; readonly streams: readonly string[] }
  | { readonly kind: "first-record"; readonly record: WitnessRecord };

/** Nothing to do is a plan without tasks; `refused` names every reason, and then nothing is done. */
export type Plan = { readonly tasks: readonly Task[] } | { readonly refused: readonly string[] };

/**
 * The first state of a platform that has not begun. The witness's record comes last: as long as there is none no cell
 * acts, and one that is there says that all the rest is. Pure.
 * @param streams names of every stream there is to be
 */
export function planBootstrap(found: Found, streams: readonly string[]): Plan {
  const seen = everything(found);
  if ("refused" in seen) return seen;
  const { databases, journals, witness } = seen;
  const home = databases.find(({ region }) => region === homeRegion);
  const refused = [
    ...databases.flatMap(({ region, role }) => otherRole(region, role)),
    ...journals.flatMap(({ region, epoch: at }) =>
      at > firstRecord.epoch
        ? [`the journal in ${region} is at epoch ${at}: this platform has traded, and its role has moved`]
        : [],
    ),
    ...(witness ? otherRecord(witness) : []),
    ...(home?.writer
      ? []
      : [`the database in ${homeRegion} is no writer: the first state is written in the home cell`]),
    ...(witness && home?.role === null
      ? [
          `the witness has its record, and the database in ${homeRegion} no role row: that was not left by a bootstrap that broke off, which writes the record last. Find out which of them is another platform's`,
        ]
      : []),
  ];
  if (refused.length > 0 || !home) return { refused };
  if (witness) return { tasks: [] };
  const missing = streams.filter((stream) => !home.streams.includes(stream));
  return {
    tasks: [
      ...migrations(journals, home),
      ...(home.role === null || missing.length > 0
        ? [{ kind: "first-state", region: homeRegion, streams: missing } as const]
        : []),
      { kind: "first-record", record: firstRecord },
    ],
  };
}

/** The newest schema for a platform that has begun, wherever its role is. Pure. */
export function planMigrate(found: Found): Plan {
  const seen = everything(found);
  if ("refused" in seen) return seen;
  const { databases, journals, witness } = seen;
  if (!witness)
    return {
      refused: ["the witness has no record: this platform has not begun. castle bootstrap does that"],
    };
  const active = databases.find(({ region }) => region === witness.activeRegion);
  if (!active?.writer || active.role?.epoch !== witness.epoch || active.role.region !== witness.activeRegion)
    return {
      refused: [
        `${witness.activeRegion} is active in epoch ${witness.epoch}, and its database is not that epoch's writer: a handover is under way, or broke off. Let it end (castle status), then ask again`,
      ],
    };
  return { tasks: migrations(journals, active) };
}

/** Journals first: what a newer database relies on is then there. */
const migrations = (journals: readonly FoundJournal[], database: FoundDatabase): Task[] => [
  ...journals.flatMap(({ region, schema: { pending } }) =>
    pending.length > 0 ? [{ kind: "migrate-journal", region, migrations: pending } as const] : [],
  ),
  ...(database.schema.pending.length > 0
    ? [
        {
          kind: "migrate-database",
          region: database.region,
          migrations: database.schema.pending,
        } as const,
      ]
    : []),
];

interface Seen {
  readonly databases: readonly FoundDatabase[];
  readonly journals: readonly FoundJournal[];
  readonly witness: WitnessRecord | null;
}

/** Nothing is decided on half of the picture, nor by a release that is older than what it finds. */
function everything({ databases, journals, witness }: Found): Seen | { readonly refused: string[] } {
  const refused = [
    ...databases.flatMap((one) => unanswered(`the database in ${one.region}`, one)),
    ...journals.flatMap((one) => unanswered(`the journal in ${one.region}`, one)),
    ...(witness && "unreachable" in witness ? [`the witness cannot be asked: ${witness.unreachable}`] : []),
  ];
  const seen: Seen = {
    databases: databases.flatMap((one) => ("unreachable" in one ? [] : [one])),
    journals: journals.flatMap((one) => ("unreachable" in one ? [] : [one])),
    witness: witness && "unreachable" in witness ? null : witness,
  };
  refused.push(
    ...seen.databases.flatMap((one) => newer(`the database in ${one.region}`, one)),
    ...seen.journals.flatMap((one) => newer(`the journal in ${one.region}`, one)),
  );
  return refused.length > 0 ? { refused } : seen;
}

const unanswered = (what: string, found: object): string[] =>
  "unreachable" in found ? [`${what} cannot be asked: ${found.unreachable}`] : [];

const newer = (what: string, { schema: { unknown } }: Pick<FoundDatabase, "schema">): string[] =>
  unknown.length > 0
    ? [`${what} has ${unknown.join(", ")}, which this release does not know: use the release that made them`]
    : [];

const otherRole = (region: CellRegion, role: FoundDatabase["role"]): string[] =>
  role === null || (role.epoch === firstRecord.epoch && role.region === homeRegion)
    ? []
    : [
        `the database in ${region} has the role row of epoch ${role.epoch}, ${role.region} active: this platform has begun, and castle migrate brings it new migrations`,
      ];

const otherRecord = ({ epoch: at, activeRegion }: WitnessRecord): string[] =>
  at === firstRecord.epoch && activeRegion === homeRegion
    ? []
    : [
        `the witness has the record of epoch ${at}, ${activeRegion} active: this platform has begun, and castle migrate brings it new migrations`,
      ];
