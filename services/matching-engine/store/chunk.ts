import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "../../kernel/database/command-log.ts";
import type { PipelinedConnection, Statement } from "../../kernel/database/pipelined.ts";
import type { AcceptedCommand, Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Applied } from "../stream/applied.ts";
import { writtenChunk } from "./rows.ts";

/** Commands applied in one transaction at most: bounds its time, and what a failure repeats. */
export const MAX_CHUNK = 500;

/** As whom, and in which epoch, the engine writes. */
export interface Holder {
  readonly epoch: Epoch;
  readonly region: RegionName;
}

/** The commands of a stream that come next. */
export interface Chunk {
  readonly stream: StreamId;
  /** The last command applied, as the database holds it. */
  readonly appliedSeq: Seq;
  /** Those that follow it, up to the asked mark, in order and without a gap. */
  readonly commands: readonly AcceptedCommand[];
}

const NEXT_COMMANDS: Statement = {
  name: "next-commands",
  text: `select p.applied_seq, c.* from progress p
    left join lateral (
      select ${COMMAND_COLUMNS} from command
      where stream = p.stream and seq > p.applied_seq and seq <= $2 order by seq limit ${MAX_CHUNK}
    ) c on true
    where p.stream = $1`,
};
const EARLIER_EPOCHS: Statement = {
  name: "earlier-epochs",
  text: `select coalesce(max(c.seq), 0) as seq from progress p
    join command c on c.stream = p.stream and c.seq > p.applied_seq and c.epoch < $2
    where p.stream = $1`,
};
const APPLY: Statement = {
  name: "apply",
  text: "select castle_apply($1, $2, $3, $4, $5, $6::json, $7::json, $8::json, $9::json, $10::json)",
};

type NextRow = { readonly applied_seq: string } & {
  readonly [column in keyof CommandRow]: CommandRow[column] | null;
};

/**
 * Reads a stream's next chunk. Nothing is locked: that nobody else applies it too is asked when it is written.
 * @throws Error when the stream is unknown in the database, or a command is missing.
 */
export async function nextChunk(
  connection: PipelinedConnection,
  stream: StreamId,
  upTo: Seq,
): Promise<Chunk> {
  const rows = await connection.run<NextRow>(NEXT_COMMANDS, [stream, upTo]);
  if (!rows[0])
    throw new Error(
      `stream "${stream}" has no row in progress; bootstrap the cell's database with every symbol of CASTLE_SYMBOLS`,
    );
  const appliedSeq = Number(rows[0].applied_seq);
  const commands = rows.filter(isCommand).map(decodeRow);
  const expected = Math.min(Math.max(upTo - appliedSeq, 0), MAX_CHUNK);
  for (let at = 0; at < expected; at += 1)
    if (commands[at]?.seq !== appliedSeq + 1 + at)
      throw new Error(
        `command ${appliedSeq + 1 + at} of stream ${stream} is not in the database, though a doorbell told of ${upTo}; the stream stays at ${appliedSeq}`,
      );
  return { stream, appliedSeq, commands };
}

/** The last command of an earlier epoch that is not applied yet; 0 when all are. */
export async function endOfEarlierEpochs(
  connection: PipelinedConnection,
  stream: StreamId,
  before: Epoch,
): Promise<Seq> {
  const rows = await connection.run<{ seq: string }>(EARLIER_EPOCHS, [stream, before]);
  return Number(rows[0]?.seq ?? 0);
}

const isCommand = (row: NextRow): row is NextRow & CommandRow => row.seq !== null;

/**
 * Writes what a chunk's commands did and how far the stream has come: one call, one transaction.
 * @param applied one for each command of the chunk. @param outcomes the same, as JSON.
 * @throws SQLSTATE CS001 when the epoch or the region is not the database's, CS003 when somebody else has applied some of
 * it; ConnectionLost when nobody can say whether it was committed.
 */
export async function commitChunk(
  connection: PipelinedConnection,
  holder: Holder,
  { stream, appliedSeq, commands }: Chunk,
  applied: readonly Applied[],
  outcomes: readonly string[],
): Promise<void> {
  await connection.run(APPLY, [
    holder.epoch,
    holder.region,
    stream,
    appliedSeq,
    appliedSeq + commands.length,
    ...writtenChunk(applied, outcomes),
  ]);
}
