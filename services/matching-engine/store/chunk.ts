import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "../../kernel/database/command-log.ts";
import { type PipelinedConnection, type Statement, settleAll } from "../../kernel/database/pipelined.ts";
import type { AcceptedCommand, Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Applied } from "../stream/applied.ts";
import { rowsOf } from "./rows.ts";

/** Commands applied in one transaction at most: bounds its time, and what a failure repeats. */
export const MAX_CHUNK = 500;

/** As whom, and in which epoch, the engine writes. */
export interface Holder {
  readonly epoch: Epoch;
  readonly region: RegionName;
}

/** A chunk whose transaction is open: {@link commitChunk} or {@link abandonChunk} ends it. */
export interface OpenChunk {
  readonly stream: StreamId;
  /** The last command applied, as the database holds it. */
  readonly appliedSeq: Seq;
  /** Those that follow it, up to the asked mark, in order and without a gap. */
  readonly commands: readonly AcceptedCommand[];
}

const statement = (name: string, text: string): Statement => ({ name, text });

const BEGIN = statement("begin", "begin");
const COMMIT = statement("commit", "commit");
const ROLLBACK = statement("rollback", "rollback");
const LOCK_PROGRESS = statement(
  "lock-progress",
  `select p.applied_seq from castle_guard($1, $2) as guard, progress p where p.stream = $3 for update of p`,
);
const NEXT_COMMANDS = statement(
  "next-commands",
  `select ${COMMAND_COLUMNS} from command
    where stream = $1 and seq > (select applied_seq from progress where stream = $1) and seq <= $2
    order by seq limit ${MAX_CHUNK}`,
);
const MOVE_PROGRESS = statement("move-progress", "update progress set applied_seq = $2 where stream = $1");

/**
 * Opens the transaction of a stream's next chunk, in one round trip: passes the epoch guard, takes the stream (a second
 * engine waits here, then sees how far the first has come), and reads what follows.
 * @throws SQLSTATE CS001 when the epoch or the region is not the database's; Error when the stream is unknown there, or
 * a command is missing. After any error the connection is to be given up.
 */
export async function openChunk(
  connection: PipelinedConnection,
  holder: Holder,
  stream: StreamId,
  upTo: Seq,
): Promise<OpenChunk> {
  const [, progress, rows] = await settleAll(
    connection.run(BEGIN),
    connection.run<{ applied_seq: string }>(LOCK_PROGRESS, [holder.epoch, holder.region, stream]),
    connection.run<CommandRow>(NEXT_COMMANDS, [stream, upTo]),
  );
  if (!progress[0])
    throw new Error(
      `stream "${stream}" has no row in progress; bootstrap the cell's database with every symbol of CASTLE_SYMBOLS`,
    );
  const appliedSeq = Number(progress[0].applied_seq);
  const commands = rows.map(decodeRow);
  const expected = Math.min(Math.max(upTo - appliedSeq, 0), MAX_CHUNK);
  for (let at = 0; at < expected; at += 1)
    if (commands[at]?.seq !== appliedSeq + 1 + at)
      throw new Error(
        `command ${appliedSeq + 1 + at} of stream ${stream} is not in the database, though a doorbell told of ${upTo}; the stream stays at ${appliedSeq}`,
      );
  return { stream, appliedSeq, commands };
}

/**
 * Writes what a chunk's commands did and how far the stream has come, and commits, in one round trip.
 *
 * Trades, postings and outcomes are plain inserts: a command applied twice must be an error, never silence.
 * @param applied one for each command of the chunk. @param outcomes the same, as JSON.
 * @throws ConnectionLost when nobody can say whether it was committed; after any error the connection is to be given up.
 */
export async function commitChunk(
  connection: PipelinedConnection,
  { stream, appliedSeq, commands }: OpenChunk,
  applied: readonly Applied[],
  outcomes: readonly string[],
): Promise<void> {
  const writes = rowsOf(stream, applied, outcomes).map(({ statement, columns }) =>
    connection.run(statement, columns),
  );
  // If a write fails the transaction is aborted, and COMMIT answers with ROLLBACK: nothing half done can stand.
  await settleAll(
    ...writes,
    connection.run(MOVE_PROGRESS, [stream, appliedSeq + commands.length]),
    connection.run(COMMIT),
  );
}

/** Ends the transaction of a chunk that has nothing to apply. */
export async function abandonChunk(connection: PipelinedConnection): Promise<void> {
  await connection.run(ROLLBACK);
}
