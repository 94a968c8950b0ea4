import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { bootstrapCell, migrateCell, migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import { WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { Cell } from "../cells/cell.ts";
import type { CellRegion, Target } from "../target.ts";
import type { Task } from "./plan.ts";

/**
 * Does one task. After an error, or a kill, the whole command may be given again: it finds what was done.
 * @throws Error when a server refuses, or when another record than the first stands in the witness meanwhile
 */
export async function performTask(target: Target, task: Task): Promise<void> {
  switch (task.kind) {
    case "migrate-journal":
      return withCell(target, task.region, ({ journal }) => migrateJournal(journal.knex));
    case "migrate-database":
      return withCell(target, task.region, ({ database }) => migrateCell(database.knex));
    case "first-state":
      return withCell(target, task.region, ({ database }) =>
        bootstrapCell(database.knex, {
          region: task.region,
          symbols: task.streams.filter((stream) => stream !== WALLET_STREAM),
        }),
      );
    case "first-record":
      return writeFirst(target, task.record);
    default:
      return task satisfies never;
  }
}

async function withCell(
  target: Target,
  region: CellRegion,
  work: (cell: Cell) => Promise<void>,
): Promise<void> {
  const cell = new Cell(region, target.cells[region]);
  try {
    await work(cell);
  } finally {
    await cell.close();
  }
}

async function writeFirst(
  target: Target,
  record: Extract<Task, { kind: "first-record" }>["record"],
): Promise<void> {
  const witness = new DynamoWitness(target.witness);
  try {
    const stands = await witness.create(record);
    if (stands.epoch !== record.epoch || stands.activeRegion !== record.activeRegion)
      throw new Error(
        `somebody else wrote the witness's record meanwhile: epoch ${stands.epoch}, ${stands.activeRegion} active. Nothing of it was changed; castle status shows what stands`,
      );
  } finally {
    witness.close();
  }
}
