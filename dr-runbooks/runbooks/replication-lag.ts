import { Duration } from "@castle/regions/duration.ts";
import type { Knex } from "knex";

/** How far a reader is behind its writer. */
export interface ReplicationLag {
  /** No more than this. */
  readonly atMost: Duration;
  /** It has everything that the writer had sent when it heard from it last, `atMost` ago. */
  readonly isComplete: boolean;
}

/**
 * How far a reader is behind its writer, at most: the reader itself is asked, so that the writer may be lost. Aurora
 * tells its recovery point lag. PostgreSQL tells whether all that it received is replayed, and when it heard from its
 * writer last; where either is not so, how long ago what it replayed last was committed, which is more than the lag while
 * nobody writes. @throws Error when it follows nobody, or has replayed nothing yet
 */
export async function replicationLag(db: Knex, region: string): Promise<ReplicationLag> {
  if (await isAurora(db)) return lagOf(await auroraLag(db, region), false);
  const heard = await heardAgo(db);
  return heard === null ? lagOf(await replayedAgo(db), false) : lagOf(heard, true);
}

const lagOf = (ms: number, isComplete: boolean): ReplicationLag => ({
  atMost: Duration.ms(Math.max(0, ms)),
  isComplete,
});

async function isAurora(db: Knex): Promise<boolean> {
  const found = await one<{ there: boolean }>(
    db.raw("select to_regproc('aurora_global_db_status') is not null as there"),
  );
  return found?.there === true;
}

/** Aurora User Guide, aurora_global_db_status: -1 is the writer. */
async function auroraLag(db: Knex, region: string): Promise<number> {
  const found = await one<{ ms: number | null }>(
    db.raw("select rpo_lag_in_msec::float8 as ms from aurora_global_db_status() where aws_region = ?", [
      region,
    ]),
  );
  if (!found || found.ms === null || found.ms < 0) throw new Error("it does not follow the global database");
  return found.ms;
}

/** null unless it streams, and has replayed all that it received. */
async function heardAgo(db: Knex): Promise<number | null> {
  const found = await one<{ ms: number | null }>(
    db.raw(
      `select (extract(epoch from clock_timestamp() - last_msg_receipt_time) * 1000)::float8 as ms
       from pg_stat_wal_receiver
       where status = 'streaming' and pg_last_wal_replay_lsn() >= latest_end_lsn
         and pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()`,
    ),
  );
  return found?.ms ?? null;
}

async function replayedAgo(db: Knex): Promise<number> {
  const found = await one<{ reader: boolean; ms: number | null }>(
    db.raw(
      `select pg_is_in_recovery() as reader,
              (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 as ms`,
    ),
  );
  if (!found?.reader) throw new Error("it follows nobody");
  if (found.ms === null) throw new Error("it has replayed nothing since it started");
  return found.ms;
}

async function one<Row>(query: PromiseLike<{ rows: Row[] }>): Promise<Row | undefined> {
  return (await query).rows[0];
}
