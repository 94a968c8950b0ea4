import type { Progress } from "@castle/regions/patience.ts";

/** Asks a server one question: see PostgresServer.query. */
export type Ask = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** How far a server has come with its writer's log. */
export interface LogReplay {
  /** Whether it is a reader still. */
  readonly reads: boolean;
  /** The timeline it is being sent now; null when it is sent nothing. */
  readonly timeline: number | null;
  /** Of the log, since its very beginning. Bytes. */
  readonly received: number;
  readonly replayed: number;
}

/** Bytes in MiB, as people read them: "12.3". */
export const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

/** "0/3000028" in bytes since the log's beginning. */
export function logBytes(position: string): number {
  const [high = "", low = ""] = position.split("/");
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

export async function readReplay(ask: Ask): Promise<LogReplay> {
  const [row] = await ask<LogReplay>(
    `select pg_is_in_recovery() as reads,
            (select received_tli from pg_stat_wal_receiver where status = 'streaming') as timeline,
            coalesce(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0'), 0)::float8 as received,
            coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)::float8 as replayed`,
  );
  if (!row) throw new Error("it did not say how far it has replayed");
  return row;
}

/** The timeline a writer writes on: the first eight digits of its log file's name. */
export async function timelineOf(ask: Ask): Promise<number> {
  const [row] = await ask<{ file: string }>("select pg_walfile_name(pg_current_wal_lsn()) as file");
  return Number.parseInt(row?.file.slice(0, 8) ?? "", 16);
}

/** How far a reader has come that is yet to stream: what it has at home is replayed first. */
export const towardsStreaming = ({ timeline, received, replayed }: LogReplay): Progress => ({
  reached: received + replayed,
  words: `${timeline === null ? "is sent nothing yet" : `is sent timeline ${timeline}`}, ${mib(replayed)} MiB of log replayed`,
});

/** How far a reader has come towards a position of its writer's log, from where it was at first. */
export function towards(position: number, from: LogReplay, now: LogReplay): Progress {
  const [done, all] = [now.replayed - from.replayed, position - from.replayed];
  return {
    reached: now.replayed,
    words: `replayed ${mib(done)} of ${mib(all)} MiB`,
  };
}
