import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { reason } from "../cells/reachable.ts";
import { listExecutions } from "../engine/record.ts";
import type { Difference } from "../reconcile/difference.ts";
import { Ledger } from "../reconcile/ledger.ts";
import { differs, type Reconciliation, reconcile } from "../reconcile/reconcile.ts";
import { type ReconciliationToRecord, recordReconciliation } from "../reconcile/record.ts";
import { jsonOf, tellDifference, tellReconciliation } from "../reconcile/tell.ts";
import { runsOf } from "../runbooks/run.ts";
import type { CellRegion, Target } from "../target.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { ReconcileFlags } from "./register-operations.ts";

/** `castle reconcile`. @returns 0 when nothing differs, 1 when something does, 2 when it could not be compared */
export async function reconcileCommand(flags: ReconcileFlags): Promise<number> {
  try {
    const oldWriter = databaseUrl(flags.oldWriter);
    const target = await findTarget(flags);
    const handover =
      flags.of === undefined
        ? undefined
        : executionNamed(flags.of, await listExecutions(target.runsFolder)).id;
    const region = await survivorOf(target);
    const startedAt = Date.now();
    const lines = flags.out === undefined ? process.stdout : await newFile(flags.out);
    const asJson = flags.json === true || flags.out !== undefined;
    const result = await compared(oldWriter, target.cells[region].databaseUrl, async (difference) => {
      await write(lines, asJson ? JSON.stringify(difference) : tellDifference(difference));
    });
    if (asJson) await write(lines, JSON.stringify(jsonOf(result)));
    if (!flags.json) for (const line of tellReconciliation(result)) await write(process.stdout, line);
    if (lines !== process.stdout) await finished(lines.end());
    await recorded({ target, region, result, startedAt, endedAt: Date.now(), handover });
    return differs(result) ? exitCode.failed : exitCode.good;
  } catch (error) {
    // 1 says that something differs, which is more than is known.
    reportError(error);
    return exitCode.usage;
  }
}

/** What was compared is told, whatever becomes of its record. */
async function recorded(given: Omit<ReconciliationToRecord, "runs" | "onUnshipped">): Promise<void> {
  const tell = (line: string): void => void process.stderr.write(`castle: ${line}\n`);
  const runs = runsOf(given.target);
  try {
    const { id, plan } = await recordReconciliation({
      ...{ ...given, runs },
      onUnshipped: (lines) => {
        for (const line of lines) tell(line);
      },
    });
    tell(
      plan.handover === null
        ? `recorded as ${id}; no handover on record ended epoch ${plan.wroteIn}, in which the old writer wrote last: name it with --of`
        : `recorded as ${id}, of ${plan.handover}: castle report ${plan.handover} tells what was lost`,
    );
  } catch (error) {
    tell(`what was found could not be recorded: ${reason(error)}`);
  }
}

async function compared(
  oldUrl: string,
  survivorUrl: string,
  tell: (difference: Difference) => Promise<void>,
): Promise<Reconciliation> {
  const old = await opened("the old writer", oldUrl);
  try {
    const survivor = await opened("the surviving ledger", survivorUrl);
    try {
      return await reconcile(old, survivor, tell);
    } finally {
      await survivor.close();
    }
  } finally {
    await old.close();
  }
}

async function opened(what: string, url: string): Promise<Ledger> {
  try {
    return await Ledger.open(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new Error(`${what} (${placeOf(url)}) cannot be read: ${reason}`, { cause: error });
  }
}

/** What may be told of a database's URL: neither user nor password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** @throws UsageError which does not repeat what was given: it may hold a password. */
function databaseUrl(given: string): string {
  const [, variable] = /^env:(\w+)$/.exec(given) ?? [];
  const url = variable === undefined ? given : process.env[variable];
  if (url === undefined)
    throw new UsageError(`there is no variable ${variable} that --old-writer could be read from`);
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    throw new UsageError(
      "--old-writer takes postgres://user@host:port/database, or env:NAME of a variable with it",
    );
  return url;
}

/** The cell that holds the role: the history of its database is the one that counts. */
async function survivorOf(target: Target): Promise<CellRegion> {
  const witness = new DynamoWitness(target.witness);
  try {
    return (await witness.read()).activeRegion;
  } finally {
    witness.close();
  }
}

async function newFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  try {
    await once(file, "open");
  } catch (error) {
    throw new UsageError(
      `--out ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return file;
}

/** Waits where the reader is slow, so that differences never pile up in memory. */
async function write(to: NodeJS.WritableStream, text: string): Promise<void> {
  if (!to.write(`${text}\n`)) await once(to, "drain");
}
