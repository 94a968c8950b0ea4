import type { PostgresServer } from "../servers/postgres.ts";
import { PostgresLine, saysNotServing } from "../servers/postgres-line.ts";
import { type MemberAnswer, MemberProbe } from "./member-probe.ts";

/** Far beyond what a busy machine takes; a connection and its answer take 40 ms when nothing else runs. Milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** What a database server says of itself. */
export interface DatabaseVitals {
  /** The end of its own log; null for a reader. */
  readonly end: bigint | null;
  /** How far it has replayed the writer's log; null for a writer. */
  readonly replayed: bigint | null;
  /** What the writer's last message took to cross. Milliseconds; null while it does not stream. */
  readonly crossingMs: number | null;
  /** Since the last transaction that it replayed was committed. Milliseconds; null when it has replayed none. */
  readonly replayedAgoMs: number | null;
  /** Sessions of clients. */
  readonly connections: number;
  readonly uptimeSeconds: number;
}

/** Asks the database of one cell, over a connection that stays open. */
export class DatabaseProbe {
  readonly #line: PostgresLine;
  readonly #probe: MemberProbe<DatabaseVitals>;

  /** @param process the id of the server's process, null while it cannot answer */
  constructor(server: PostgresServer, process: () => number | null) {
    this.#line = new PostgresLine({ url: server.url("postgres"), withinMs: ANSWER_WITHIN_MS });
    this.#probe = new MemberProbe({ ask: () => this.#ask(), process, refuses: saysNotServing });
  }

  read(): Promise<MemberAnswer<DatabaseVitals>> {
    return this.#probe.read();
  }

  close(): void {
    this.#line.close();
  }

  async #ask(): Promise<DatabaseVitals> {
    const [row] = await this.#line.query<{
      end: string | null;
      replayed: string | null;
      crossing: number | null;
      ago: number | null;
      connections: number;
      uptime: number;
    }>(
      `select case when pg_is_in_recovery() then null else pg_current_wal_lsn() - '0/0'::pg_lsn end::text as end,
         (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text as replayed,
         (select extract(epoch from last_msg_receipt_time - last_msg_send_time) * 1000
          from pg_stat_wal_receiver where status = 'streaming')::float8 as crossing,
         (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 as ago,
         (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
         extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as uptime`,
    );
    if (!row) throw new Error("the server answered without a row");
    return {
      end: row.end === null ? null : BigInt(row.end),
      replayed: row.replayed === null ? null : BigInt(row.replayed),
      crossingMs: row.crossing === null ? null : Math.max(0, Math.round(row.crossing)),
      replayedAgoMs: row.ago === null ? null : Math.max(0, Math.round(row.ago)),
      connections: row.connections,
      uptimeSeconds: Math.floor(row.uptime),
    };
  }
}

/**
 * How far a reader is behind: nothing once it has replayed the writer's log to its end as of a moment ago, beyond what a
 * message takes to cross; else the age of what it replayed last. Milliseconds; null while it does not stream. Pure.
 * @param end the writer's, read before the reader's vitals; null when the writer does not answer
 */
export function lagOf(
  { replayed, crossingMs, replayedAgoMs }: DatabaseVitals,
  end: bigint | null,
): number | null {
  if (crossingMs === null) return null;
  return end === null || (replayed !== null && replayed >= end) ? crossingMs : replayedAgoMs;
}
