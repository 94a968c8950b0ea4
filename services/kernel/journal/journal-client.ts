import type { Duration } from "@castle/regions/duration.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import { commandColumns } from "../database/command-log.ts";
import { PipelinedConnection, type Statement } from "../database/pipelined.ts";
import type { AcceptedCommand, Seq, StreamId } from "../domain/command.ts";

/** How far the journal reaches, per stream, without a gap. */
export type MarkList = readonly { readonly stream: StreamId; readonly mark: Seq }[];

interface MarkRow {
  readonly stream: string;
  readonly mark: string;
}

const APPEND: Statement = {
  name: "journal-append",
  text: `select stream, mark from journal_append($1, $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[],
    $7::text[], $8::bigint[], $9::text[])`,
};
const MARKS: Statement = { name: "journal-marks", text: "select stream, mark from journal_marks($1)" };
const FOLLOWED: Statement = {
  name: "journal-followed",
  text: "select journal_standby_followed($1, make_interval(secs => $2)) as followed",
};
const RAISE: Statement = { name: "journal-raise", text: "select journal_raise_epoch($1) as held" };

/**
 * The leading engine's line to the peer's journal: one connection on which appends go out in order without waiting for the
 * answers before them.
 */
export class JournalClient {
  readonly #connection: PipelinedConnection;

  private constructor(connection: PipelinedConnection) {
    this.#connection = connection;
  }

  /** @param options.onLost the connection is gone; what was under way may or may not be in the journal. */
  static async open(
    url: string,
    options: { name: string; onLost: (error: Error) => void },
  ): Promise<JournalClient> {
    return new JournalClient(await PipelinedConnection.open(url, options));
  }

  /** Milliseconds for which the oldest call under way has had no answer; 0 when nothing is under way. */
  silentForMs(now = performance.now()): number {
    return this.#connection.silentForMs(now);
  }

  /** Raises the journal's epoch to `asked` unless it is there or beyond. @returns the epoch that stands. */
  async raiseEpoch(asked: Epoch): Promise<Epoch> {
    const rows = await this.#connection.run<{ held: string }>(RAISE, [asked]);
    return epoch(rows[0]?.held ?? 0);
  }

  /** @throws with SQLSTATE CS001 when the journal has left the epoch, CS002 when another command is there. */
  async append(asked: Epoch, commands: readonly AcceptedCommand[]): Promise<MarkList> {
    return toMarks(await this.#connection.run<MarkRow>(APPEND, [asked, ...commandColumns(commands)]));
  }

  /** Every stream's mark. @throws with SQLSTATE CS001 when the journal has left the epoch. */
  async marks(asked: Epoch): Promise<MarkList> {
    return toMarks(await this.#connection.run<MarkRow>(MARKS, [asked]));
  }

  /** Whether the standby database beside the journal has shown in this epoch, within the time, that it follows. */
  async standbyFollowed(asked: Epoch, within: Duration): Promise<boolean> {
    const rows = await this.#connection.run<{ followed: boolean }>(FOLLOWED, [asked, within.ms / 1_000]);
    return rows[0]?.followed ?? false;
  }

  destroy(because: string): void {
    this.#connection.destroy(because);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

const toMarks = (rows: readonly MarkRow[]): MarkList =>
  rows.map((row) => ({ stream: row.stream, mark: Number(row.mark) }));
