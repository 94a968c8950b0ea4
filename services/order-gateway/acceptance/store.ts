import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import {
  COMMAND_COLUMNS,
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
import { type AcceptedCommand, encodeCommand } from "@castle/services/kernel/domain/command.ts";
import { balanceKey, clientKey, type Decision, decide, type Held, type Intent, kindOf } from "./decide.ts";

const statement = (name: string, text: string): Statement => ({ name, text });

const BEGIN = statement("begin", "begin");
const COMMIT = statement("commit", "commit");
const ROLLBACK = statement("rollback", "rollback");
const LOOK = statement(
  "look",
  `select r.epoch, r.region, r.gate, r.durability,
    (select json_agg(s) from (select name, last_seq from stream where name = any($1::text[])) s) as ends,
    (select json_agg(e) from (
      select ${COMMAND_COLUMNS.split(", ")
        .map((column) => `c.${column}`)
        .join(", ")} from unnest($2::bigint[], $3::text[], $4::text[]) as asked (account_id, kind, client_id)
      join command c using (account_id, kind, client_id)) e) as earlier,
    (select json_agg(b) from (
      select account_id, asset, free::text from balance
      where (account_id, asset) in (select * from unnest($5::bigint[], $6::text[]))) b) as balances
  from role r`,
);
const ACCEPT = statement("accept", "select * from castle_accept($1, $2, $3, $4::json)");
const OPEN = statement(
  "open-batch",
  "select * from castle_open_batch($1, $2, $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[])",
);
const WRITE = statement("write-commands", WRITE_COMMANDS);

/** What the database holds about a batch; null stands for an empty list. */
interface Read {
  readonly gate: Gate;
  readonly durability: Mode;
  readonly ends: readonly { readonly name: string; readonly last_seq: number }[] | null;
  readonly earlier: readonly CommandRow[] | null;
  readonly balances:
    | readonly { readonly account_id: number; readonly asset: string; readonly free: string }[]
    | null;
}

interface Look extends Read {
  readonly epoch: string;
  readonly region: string;
}

export interface StoredBatch extends Decision {
  /** What an acknowledgement of this batch waits for: read under the guard, so no change of mode slips between. */
  readonly durability: Mode;
}

export interface StoringReign {
  readonly epoch: Epoch;
  readonly region: RegionName;
}

const LOCKED_ATTEMPTS = 3;
/** Somebody else was faster, and what stands now is found by asking again. */
const WORTH_ANOTHER_LOOK: readonly string[] = [
  sqlState.decidedMeanwhile,
  sqlState.uniqueViolation,
  sqlState.deadlock,
  sqlState.serialization,
];

/**
 * Accepts a batch in one transaction: guard, first results, funds, seq, commands, holds. First it is decided on what is
 * read without locks, and written in one call that refuses what the decision may have missed; then, if that was refused,
 * decided once more under locks.
 * @throws with SQLSTATE CS001 when another epoch holds the database; ConnectionLost when the outcome is unknown.
 */
export async function storeBatch(
  connection: PipelinedConnection,
  reign: StoringReign,
  intents: readonly Intent[],
): Promise<StoredBatch> {
  for (let attempt = 0; ; attempt++) {
    try {
      const stored = attempt === 0 ? await storeAtOnce(connection, reign, intents) : null;
      return stored ?? (await storeUnderLocks(connection, reign, intents));
    } catch (error) {
      if (!WORTH_ANOTHER_LOOK.includes(sqlStateOf(error) ?? "") || attempt === LOCKED_ATTEMPTS) throw error;
    }
  }
}

/** Null when it takes locks to decide: then nothing was done. */
async function storeAtOnce(
  connection: PipelinedConnection,
  reign: StoringReign,
  intents: readonly Intent[],
): Promise<StoredBatch | null> {
  const [read] = await connection.run<Look>(LOOK, asked(intents));
  if (!read || Number(read.epoch) !== reign.epoch || read.region !== reign.region) return null;
  const { verdicts, accepted } = decide(intents, held(read, reign));
  if (accepted.length === 0) return { verdicts, accepted, durability: read.durability };
  // The places were guessed: a cancel of an order of this very batch would name a guess.
  if (namesAGuess(accepted)) return null;

  const [written] = await connection.run<{ durability: Mode; seqs: [place: number, seq: number][] }>(ACCEPT, [
    reign.epoch,
    reign.region,
    read.gate,
    JSON.stringify(accepted.map(intentRow)),
  ]);
  if (!written) throw new Error("castle_accept() answered no row");
  const placed = new Map(written.seqs.map(([place, seq]) => [accepted[place], seq]));
  const truly = (command: AcceptedCommand): AcceptedCommand => ({
    ...command,
    seq: placed.get(command) ?? command.seq,
  });
  return {
    durability: written.durability,
    accepted: accepted.map(truly),
    verdicts: verdicts.map((verdict) =>
      verdict.kind === "accepted" ? { ...verdict, command: truly(verdict.command) } : verdict,
    ),
  };
}

async function storeUnderLocks(
  connection: PipelinedConnection,
  reign: StoringReign,
  intents: readonly Intent[],
): Promise<StoredBatch> {
  try {
    const [, [opened]] = await connection.together(() =>
      settleAll(
        connection.run(BEGIN),
        connection.run<Read>(OPEN, [reign.epoch, reign.region, ...asked(intents)]),
      ),
    );
    if (!opened) throw new Error("castle_open_batch() answered no row");
    const { verdicts, accepted } = decide(intents, held(opened, reign));
    // If the write fails the transaction is aborted, and COMMIT answers with ROLLBACK: nothing half done can stand.
    await connection.together(() =>
      settleAll(connection.run(WRITE, writtenCommands(accepted)), connection.run(COMMIT)),
    );
    return { verdicts, accepted, durability: opened.durability };
  } catch (error) {
    await connection.run(ROLLBACK).catch(() => undefined);
    throw error;
  }
}

const held = (read: Read, { epoch }: StoringReign): Held => ({
  epoch,
  gate: read.gate,
  now: Date.now(),
  lastSeq: new Map((read.ends ?? []).map((row) => [row.name, row.last_seq])),
  earlier: new Map(
    (read.earlier ?? [])
      .map(decodeRow)
      .map((command) => [clientKey(command.accountId, command.command.kind, command.clientId), command]),
  ),
  free: new Map(
    (read.balances ?? []).map((row) => [balanceKey(row.account_id, row.asset), BigInt(row.free)]),
  ),
});

function namesAGuess(accepted: readonly AcceptedCommand[]): boolean {
  const here = new Set(accepted.map(({ stream, seq }) => `${stream}:${seq}`));
  return accepted.some(
    ({ stream, command }) => command.kind === "cancel" && here.has(`${stream}:${command.orderId}`),
  );
}

const intentRow = ({ stream, accountId, clientId, acceptedAt, command }: AcceptedCommand, place: number) => ({
  ...{
    place,
    stream,
    account_id: accountId,
    client_id: clientId,
    kind: command.kind,
    accepted_at: acceptedAt,
  },
  body: encodeCommand(command),
  ...(command.kind === "place"
    ? { hold_asset: command.hold.asset, hold_amount: command.hold.amount.toString() }
    : {}),
});

/** What must be known to decide a batch: streams, client ids (of orders to cancel too), balances. */
function asked(intents: readonly Intent[]): unknown[] {
  const keys = intents.flatMap((intent) => {
    const { accountId, clientId, command } = intent;
    const own = { accountId, kind: kindOf(intent), clientId };
    if (command.kind !== "cancel-by-client-id") return [own];
    return [own, { accountId, kind: "place" as const, clientId: command.origClientOrderId }];
  });
  const holds = intents.flatMap(({ accountId, command }) =>
    command.kind === "place" ? [{ accountId, asset: command.hold.asset }] : [],
  );
  return [
    [...new Set(intents.map((intent) => intent.stream))].sort(),
    keys.map((key) => key.accountId),
    keys.map((key) => key.kind),
    keys.map((key) => key.clientId),
    holds.map((hold) => hold.accountId),
    holds.map((hold) => hold.asset),
  ];
}
