import type { Epoch } from "@castle/regions/epoch.ts";
import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";

/** The contiguous mark of each stream: every command up to it is durable in the journal's region. */
export type Marks = ReadonlyMap<StreamId, Seq>;

/** A cell's journal as runbooks use it: the peer's commands, and the fence. */
export class CellJournal {
  readonly knex: Knex;

  constructor(knex: Knex) {
    this.knex = knex;
  }

  /** The epoch in which the journal takes appends; 0 before anybody's first. */
  async epoch(): Promise<number> {
    const { rows } = await this.knex.raw<{ rows: { epoch: string }[] }>("select epoch from fence");
    return Number(rows[0]?.epoch ?? 0);
  }

  /** Raises the fence: from its commit on, nothing of an older epoch is taken, nor told a mark. */
  async raiseEpoch(to: Epoch): Promise<void> {
    await this.knex.raw("select journal_raise_epoch(?)", [to]);
  }

  /** Whether a cell of that epoch is refused, asked the way such a cell asks before it may acknowledge. */
  async refuses(old: number): Promise<boolean> {
    try {
      await this.knex.raw("select * from journal_marks(?)", [old]);
      return false;
    } catch (error) {
      if (isStaleEpoch(error)) return true;
      throw error;
    }
  }

  /** The marks, as the holder of that epoch is told them. @throws CS001 when the journal is at another. */
  async marks(of: number): Promise<Marks> {
    const { rows } = await this.knex.raw<MarkRows>("select stream, mark from journal_marks(?)", [of]);
    return marksOf(rows);
  }

  /** The marks for someone who only looks, whatever the epoch. They stand still only behind a raised fence. */
  async highWater(): Promise<Marks> {
    const { rows } = await this.knex.raw<MarkRows>("select stream, mark from high_water");
    return marksOf(rows);
  }

  /**
   * When the peer cell accepted the last command that is here, by its clock, in milliseconds since 1970; null when none
   * is: the journal forgets what the database beside it holds.
   */
  async lastAcceptedAt(): Promise<number | null> {
    const { rows } = await this.knex.raw<{ rows: { at: string | null }[] }>(
      `select max(last.accepted_at) as at
       from high_water h
       cross join lateral (select accepted_at from entry e where e.stream = h.stream order by e.seq desc limit 1) last`,
    );
    const at = rows[0]?.at ?? null;
    return at === null ? null : Number(at);
  }
}

interface MarkRows {
  rows: { stream: string; mark: string }[];
}

const marksOf = (rows: MarkRows["rows"]): Marks =>
  new Map(rows.map(({ stream, mark }) => [stream, Number(mark)]));
