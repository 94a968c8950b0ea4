import { type CellRegion, cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { WitnessRecordMissing } from "@castle/regions/witness/errors.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { cellSchema, journalSchema, type SchemaState } from "@castle/services/kernel/database/migrate.ts";
import { Cell } from "../cells/cell.ts";
import { orUnreachable, type Unreachable } from "../cells/reachable.ts";
import type { Target } from "../target.ts";

export interface FoundDatabase {
  readonly region: CellRegion;
  readonly writer: boolean;
  readonly schema: SchemaState;
  /** Null where there is no role row: the platform has not begun. */
  readonly role: { readonly epoch: number; readonly region: RegionName } | null;
  /** Names of the streams there are. */
  readonly streams: readonly string[];
}

export interface FoundJournal {
  readonly region: CellRegion;
  readonly schema: SchemaState;
  /** The fence; 0 before anybody's first append. */
  readonly epoch: number;
}

/** What there is of a platform's state, whether it has begun or not. */
export interface Found {
  readonly databases: readonly (FoundDatabase | (Unreachable & { readonly region: CellRegion }))[];
  readonly journals: readonly (FoundJournal | (Unreachable & { readonly region: CellRegion }))[];
  /** Null where the table holds no record. */
  readonly witness: WitnessRecord | Unreachable | null;
}

/** It is done once in a platform's life: a server that is slow to answer is better waited for than taken for gone. */
const PATIENCE = seconds(30);

/** Looks at everything at once, and writes nothing. Never rejects: what does not answer soon is told. */
export async function lookAround(target: Target): Promise<Found> {
  const cells = cellRegions.map((region) => new Cell(region, target.cells[region]));
  try {
    const [databases, journals, witness] = await Promise.all([
      Promise.all(
        cells.map(async (cell) => ({
          region: cell.region,
          ...(await orUnreachable(
            patiently(() => inDatabase(cell)),
            PATIENCE,
          )),
        })),
      ),
      Promise.all(
        cells.map(async (cell) => ({
          region: cell.region,
          ...(await orUnreachable(
            patiently(() => inJournal(cell)),
            PATIENCE,
          )),
        })),
      ),
      orUnreachable(inWitness(target), PATIENCE),
    ]);
    return { databases, journals, witness };
  } finally {
    await Promise.all(cells.map((cell) => cell.close()));
  }
}

/** A connection has its own deadline, which a busy machine may miss: then it is tried again. */
async function patiently<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  const began = performance.now();
  for (;;)
    try {
      return await read();
    } catch (error) {
      const missedDeadline = error instanceof Error && error.message === "timeout expired";
      if (!missedDeadline || performance.now() - began > PATIENCE.ms) throw error;
    }
}

async function inDatabase({ database }: Cell): Promise<Omit<FoundDatabase, "region">> {
  const db = database.knex;
  const writer = await database.isWriter();
  const schema = await cellSchema(db);
  const { rows } = await db.raw<{ rows: { begun: boolean }[] }>(
    "select to_regclass('role') is not null as begun",
  );
  if (!rows[0]?.begun) return { writer, schema, role: null, streams: [] };
  const role = await db("role").first<{ epoch: string; region: RegionName } | undefined>("epoch", "region");
  const streams = await db("stream").orderBy("name").pluck<string[]>("name");
  return { writer, schema, role: role ? { epoch: Number(role.epoch), region: role.region } : null, streams };
}

async function inJournal({ journal }: Cell): Promise<Omit<FoundJournal, "region">> {
  const schema = await journalSchema(journal.knex);
  const { rows } = await journal.knex.raw<{ rows: { begun: boolean }[] }>(
    "select to_regclass('fence') is not null as begun",
  );
  return { schema, epoch: rows[0]?.begun ? await journal.epoch() : 0 };
}

/** A table that is not there is a mistake of the target's, and no platform that has not begun. */
async function inWitness({ witness: place }: Target): Promise<WitnessRecord | null> {
  const witness = new DynamoWitness(place);
  try {
    return await witness.read();
  } catch (error) {
    if (error instanceof WitnessRecordMissing && error.missing === "record") return null;
    throw error;
  } finally {
    witness.close();
  }
}
