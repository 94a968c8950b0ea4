import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import {
  type CommandRow,
  decodeRow,
  WRITE_COMMANDS,
  writtenCommands,
} from "@castle/services/kernel/database/command-log.ts";
import { sqlState, sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import {
  type PipelinedConnection,
  type Statement,
  settleAll,
} from "@castle/services/kernel/database/pipelined.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { balanceKey, clientKey, type Decision, decide, type Intent, kindOf } from "./decide.ts";

const statement = (name: string, text: string): Statement => ({ name, text });

const BEGIN = statement("begin", "begin");
const COMMIT = statement("commit", "commit");
const ROLLBACK = statement("rollback", "rollback");
const OPEN = statement(
  "open-batch",
  `select * from castle_open_batch($1, $2, $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[])`,
);
const WRITE = statement("write-commands", WRITE_COMMANDS);

/** What castle_open_batch() answers; null stands for an empty list. */
interface OpenedBatch {
  readonly gate: Gate;
  readonly durability: Mode;
  readonly ends: readonly { readonly name: string; readonly last_seq: number }[] | null;
  readonly earlier: readonly CommandRow[] | null;
  readonly balances:
    | readonly { readonly account_id: number; readonly asset: string; readonly free: string }[]
    | null;
}

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
  const [, [opened]] = await settleAll(
    connection.run(BEGIN),
    connection.run<OpenedBatch>(OPEN, [
      reign.epoch,
      reign.region,
      names,
      asked.map((key) => key.accountId),
      asked.map((key) => key.kind),
      asked.map((key) => key.clientId),
      holds.map((hold) => hold.accountId),
      holds.map((hold) => hold.asset),
    ]),
  ).catch((error: unknown) => rollback(connection, error));
  if (!opened) throw new Error("castle_open_batch() answered no row");

  let decision: Decision;
  try {
    decision = decide(intents, {
      epoch: reign.epoch,
      gate: opened.gate,
      now: Date.now(),
      lastSeq: new Map((opened.ends ?? []).map((row) => [row.name, row.last_seq])),
      earlier: new Map(
        (opened.earlier ?? [])
          .map(decodeRow)
          .map((command) => [clientKey(command.accountId, command.command.kind, command.clientId), command]),
      ),
      free: new Map(
        (opened.balances ?? []).map((row) => [balanceKey(row.account_id, row.asset), BigInt(row.free)]),
      ),
    });
  } catch (error) {
    return rollback(connection, error);
  }
  await write(connection, decision.accepted);
  return { ...decision, durability: opened.durability };
}

async function write(connection: PipelinedConnection, accepted: readonly AcceptedCommand[]): Promise<void> {
  if (accepted.length === 0) {
    await connection.run(ROLLBACK);
    return;
  }
  // If the write fails the transaction is aborted, and COMMIT answers with ROLLBACK: nothing half done can stand.
  await settleAll(connection.run(WRITE, writtenCommands(accepted)), connection.run(COMMIT));
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
