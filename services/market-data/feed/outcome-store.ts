import type { Knex } from "knex";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";

/** Outcomes as the cell's database holds them: committed, complete, gapless up to the applied seq. */
export class OutcomeStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The applied seq of every stream asked for. @throws Error when the database does not know one of them */
  async applied(streams: readonly StreamId[]): Promise<Map<StreamId, Seq>> {
    const { rows } = await this.#db.raw<{ rows: { stream: StreamId; applied_seq: string }[] }>(
      "select stream, applied_seq from progress where stream = any(?)",
      [[...streams]],
    );
    const applied = new Map(rows.map((row) => [row.stream, Number(row.applied_seq)]));
    const unknown = streams.filter((stream) => !applied.has(stream));
    if (unknown.length > 0)
      throw new Error(
        `the cell's database has no stream ${unknown.join(", ")}; bootstrap it with these symbols`,
      );
    return applied;
  }

  /** The outcomes after `position`, in order, at most `limit`. */
  async after(stream: StreamId, position: Seq, limit: number): Promise<Outcome[]> {
    const { rows } = await this.#db.raw<{ rows: { body: string }[] }>(
      "select body from outcome where stream = ? and seq > ? order by seq limit ?",
      [stream, position, limit],
    );
    return rows.map((row) => JSON.parse(row.body) as Outcome);
  }
}
