import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import {
  COMMAND_COLUMNS,
  type CommandRow,
  commandColumns,
  decodeRow,
  holdPostings,
  INSERT_COMMANDS,
  MOVE_STREAMS,
} from "@castle/services/kernel/database/command-log.ts";
import { sqlState, sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import {
  type PipelinedConnection,
  type Statement,
  settleAll,
} from "@castle/services/kernel/database/pipelined.ts";
import { postingColumns, WRITE_POSTINGS } from "@castle/services/kernel/database/postings.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { balanceKey, clientKey, type Decision, decide, type Intent, kindOf } from "./decide.ts";

const statement = (name: string, text: string): Statement => ({ name, text });

const BEGIN = statement("begin", "begin");
const COMMIT = statement("commit", "commit");
const ROLLBACK = statement("rollback", "rollback");
const GUARD = statement("guard", "select gate, durability from castle_guard($1, $2)");
const LOCK_STREAMS = statement(
  "lock-streams",
  "select name, last_seq from stream where name = any($1::text[]) order by name for update",
);
const EARLIER = statement(
  "earlier",
  `select ${COMMAND_COLUMNS.split(", ")
    .map((column) => `c.${column}`)
    .join(", ")} from command c
   join unnest($1::bigint[], $2::text[], $3::text[]) as asked (account_id, kind, client_id)
     using (account_id, kind, client_id)`,
);
const LOCK_BALANCES = statement(
  "lock-balances",
  `select b.account_id, b.asset, b.free from balance b
   where (b.account_id, b.asset) in (select * from unnest($1::bigint[], $2::text[]))
   order by b.account_id, b.asset for update`,
);
const COMMANDS = statement("insert-commands", INSERT_COMMANDS);
const POSTINGS = statement("write-postings", WRITE_POSTINGS);
const STREAMS = statement("move-streams", MOVE_STREAMS);

export interface StoredBatch extends Decision {
  /** What an acknowledgement of this batch waits for: read under the guard, so no change of mode slips between. */
  readonly durability: Mode;
}

/**
 * Accepts a batch in one transaction: guard, first results, funds, seq, commands, holds. Two round trips: all that can
 * be asked in advance goes out at once, then all that was decided.
 * @throws with SQLSTATE CS001 when another epoch holds the database; ConnectionLost when the outcome is unknown.
 */
export async function storeBatch(
  connection: PipelinedConnection,
  reign: { readonly epoch: Epoch; readonly region: RegionName },
  intents: readonly Intent[],
): Promise<StoredBatch> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeOnce(connection, reign, intents);
    } catch (error) {
      // Two gateways were given one client id in different streams at the same moment: the second finds the first now.
      const again = [sqlState.uniqueViolation, sqlState.deadlock, sqlState.serialization].some(
        (state) => state === sqlStateOf(error),
      );
      if (!again || attempt === 3) throw error;
    }
  }
}

async function storeOnce(
  connection: PipelinedConnection,
  reign: { readonly epoch: Epoch; readonly region: RegionName },
  intents: readonly Intent[],
): Promise<StoredBatch> {
  const names = [...new Set(intents.map((intent) => intent.stream))].sort();
  const asked = clientKeys(intents);
  const holds = intents.flatMap(({ accountId, command }) =>
    command.kind === "place" ? [{ accountId, asset: command.hold.asset }] : [],
  );
  const answers = await settleAll(
    connection.run(BEGIN),
    connection.run<{ gate: Gate; durability: Mode }>(GUARD, [reign.epoch, reign.region]),
    connection.run<{ name: string; last_seq: string }>(LOCK_STREAMS, [names]),
    connection.run<CommandRow>(EARLIER, [
      asked.map((key) => key.accountId),
      asked.map((key) => key.kind),
      asked.map((key) => key.clientId),
    ]),
    connection.run<{ account_id: string; asset: string; free: string }>(LOCK_BALANCES, [
      holds.map((hold) => hold.accountId),
      holds.map((hold) => hold.asset),
    ]),
  ).catch((error: unknown) => rollback(connection, error));
  const [, [guard], streams, earlier, balances] = answers;
  if (!guard) throw new Error("castle_guard() answered no row");

  let decision: Decision;
  try {
    decision = decide(intents, {
      epoch: reign.epoch,
      gate: guard.gate,
      now: Date.now(),
      lastSeq: new Map(streams.map((row) => [row.name, Number(row.last_seq)])),
      earlier: new Map(
        earlier
          .map(decodeRow)
          .map((command) => [clientKey(command.accountId, command.command.kind, command.clientId), command]),
      ),
      free: new Map(balances.map((row) => [balanceKey(Number(row.account_id), row.asset), BigInt(row.free)])),
    });
  } catch (error) {
    return rollback(connection, error);
  }
  await write(connection, decision.accepted);
  return { ...decision, durability: guard.durability };
}

async function write(connection: PipelinedConnection, accepted: readonly AcceptedCommand[]): Promise<void> {
  if (accepted.length === 0) {
    await connection.run(ROLLBACK);
    return;
  }
  const ends = new Map(accepted.map((command) => [command.stream, command.seq]));
  const postings = accepted.flatMap(holdPostings);
  // If a write fails the transaction is aborted, and COMMIT answers with ROLLBACK: nothing half done can stand.
  await settleAll(
    connection.run(COMMANDS, commandColumns(accepted)),
    connection.run(STREAMS, [[...ends.keys()], [...ends.values()]]),
    ...(postings.length > 0 ? [connection.run(POSTINGS, postingColumns(postings))] : []),
    connection.run(COMMIT),
  );
}

function clientKeys(intents: readonly Intent[]) {
  return intents.flatMap((intent) => {
    const own = { accountId: intent.accountId, kind: kindOf(intent), clientId: intent.clientId };
    if (intent.command.kind !== "cancel-by-client-id") return [own];
    return [
      own,
      { accountId: intent.accountId, kind: "place" as const, clientId: intent.command.origClientOrderId },
    ];
  });
}

async function rollback(connection: PipelinedConnection, error: unknown): Promise<never> {
  await connection.run(ROLLBACK).catch(() => undefined);
  throw error;
}
