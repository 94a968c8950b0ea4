import { until } from "@castle/lab/processes/until.ts";
import type { Knex } from "knex";
import type { ActiveCell } from "./active-cell.ts";

/** Keeps an engine's chunks from being written, while everybody may read: what is applied stays in memory alone. */
export class ProjectionBlock {
  readonly #lock: Knex.Transaction;

  private constructor(lock: Knex.Transaction) {
    this.#lock = lock;
  }

  static async begin({ db }: Pick<ActiveCell, "db">): Promise<ProjectionBlock> {
    const lock = await db.transaction();
    await lock.raw("lock table outcome in share row exclusive mode");
    return new ProjectionBlock(lock);
  }

  async end(): Promise<void> {
    await this.#lock.rollback();
  }
}

/** Resolves once every command in the log is in the projection. */
export function projectedToTheEnd({ db }: Pick<ActiveCell, "db">): Promise<void> {
  return until(
    async () => {
      const { rows } = await db.raw(
        "select from stream s join progress p on p.stream = s.name where p.applied_seq < s.last_seq",
      );
      return rows.length === 0;
    },
    { what: "every command to be projected", withinMs: 30_000 },
  );
}
