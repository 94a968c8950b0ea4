import { integerArray, textArray } from "@castle/services/kernel/database/array-literal.ts";
import { PipelinedConnection } from "@castle/services/kernel/database/pipelined.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { writesOf } from "@castle/services/matching-engine/projection/tables.ts";

/** Writes a chunk into the projection, as an engine does, in one transaction; each stream's first command is the next one. */
export async function project(databaseUrl: string, chunk: readonly AppliedCommand[]): Promise<void> {
  if (chunk.length === 0) return;
  const streams = new Map<StreamId, { from: Seq; to: Seq }>();
  for (const { accepted } of chunk) {
    const from = streams.get(accepted.stream)?.from ?? accepted.seq - 1;
    streams.set(accepted.stream, { from, to: accepted.seq });
  }
  const ends = [...streams.values()];
  const connection = await PipelinedConnection.open(databaseUrl, {
    name: "projection",
    onLost: () => undefined,
  });
  try {
    await connection.run({ name: "begin", text: "begin" });
    await connection.run({ name: "move", text: "select castle_move_progress($1, $2, $3)" }, [
      textArray([...streams.keys()]),
      integerArray(ends.map(({ from }) => from)),
      integerArray(ends.map(({ to }) => to)),
    ]);
    for (const { statement, values } of writesOf(chunk)) await connection.run(statement, [...values]);
    await connection.run({ name: "commit", text: "commit" });
  } finally {
    await connection.close();
  }
}
