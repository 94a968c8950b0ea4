import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";
import { CellDatabase } from "../cells/database.ts";
import { brokenInvariants } from "../cells/invariants.ts";

/** What a restored database is held against. */
export interface Live {
  /** Names of the migrations that the live database has. */
  readonly schema: readonly string[];
  readonly streams: ReadonlyMap<StreamId, { readonly lastSeq: Seq; readonly before: Seq }>;
}

export interface Restored {
  readonly schema: readonly string[];
  readonly streams: ReadonlyMap<StreamId, Seq>;
  /** What must hold in any ledger, and does not; a line each. */
  readonly broken: readonly string[];
}

/**
 * Clocks of RDS and of whoever accepted differ, and a snapshot is of a moment near the one that it names: what was
 * accepted this long before must be in it. Milliseconds.
 */
const SURELY_BEFORE_MS = 60_000;

/** @param takenAt when the snapshot was taken: milliseconds since 1970. */
export async function lookAtLive(db: Knex, takenAt: number): Promise<Live> {
  const [schema, { rows }] = await Promise.all([
    schemaOf(db),
    db.raw<{ rows: { name: string; last_seq: string; before: string | null }[] }>(
      `select s.name, s.last_seq, (
         select c.seq from command c where c.stream = s.name and c.accepted_at <= ? order by c.seq desc limit 1
       ) as before from stream s`,
      [takenAt - SURELY_BEFORE_MS],
    ),
  ]);
  const streams = rows.map(
    ({ name, last_seq, before }) =>
      [name, { lastSeq: Number(last_seq), before: Number(before ?? 0) }] as const,
  );
  return { schema, streams: new Map(streams) };
}

/** Reads the whole ledger. @throws the database's errors: also where a page of it is damaged. */
export async function lookAtRestored(url: string): Promise<Restored> {
  const knex = connectDatabase(url, { name: "dr-runbooks restore-test", max: 3 });
  try {
    const [schema, streams, broken] = await Promise.all([
      schemaOf(knex),
      new CellDatabase(knex).streams(),
      brokenInvariants(knex),
    ]);
    return { schema, broken, streams: new Map(streams.map(({ stream, lastSeq }) => [stream, lastSeq])) };
  } finally {
    await knex.destroy();
  }
}

async function schemaOf(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>("select name from knex_migrations order by id");
  return rows.map(({ name }) => name);
}

/** What is wrong with what was restored, a line each; none when it is the ledger as it was. Pure. */
export function judgeRestored(restored: Restored, live: Live): string[] {
  const foreign = restored.schema.filter((name) => !live.schema.includes(name));
  return [
    ...(restored.schema.length === 0 ? ["it has no schema"] : []),
    ...(foreign.length > 0
      ? [`it has migrations that the live database has not: ${foreign.join(", ")}`]
      : []),
    ...[...live.streams].flatMap(([stream, { before, lastSeq }]) => {
      const held = restored.streams.get(stream);
      if (held === undefined) return before > 0 ? [`stream ${stream} is missing`] : [];
      if (held < before) return [`stream ${stream} ends at ${held}, and held ${before} before it was taken`];
      return held > lastSeq
        ? [`stream ${stream} ends at ${held}, behind the live one's end at ${lastSeq}`]
        : [];
    }),
    ...restored.broken,
  ];
}
