import { heldExecutions } from "../../engine/lock.ts";
import { listExecutions } from "../../engine/record.ts";
import { usualDurations } from "../../engine/usual-durations.ts";
import type { Problem } from "../../evidence/examine.ts";
import { readRecord } from "../../evidence/read-record.ts";
import { keyFileIn, publicKeyFile } from "../../evidence/signing-key.ts";
import { verifyEvidence } from "../../evidence/verify.ts";
import { reconciliationOf } from "../../reconcile/recorded.ts";
import type { Target } from "../../target.ts";
import { buildReport } from "./build.ts";
import { lookAtCopies } from "./copies.ts";
import type { ExecutionReport } from "./report.ts";

export interface ReadOptions {
  readonly target: Target;
  readonly id: string;
  /** When the outage began, as an operator tells it: milliseconds since 1970. */
  readonly outageSince?: number | null;
  /** The public key to trust; the one beside the records by default. */
  readonly publicKey?: string | undefined;
}

/** Makes the report of an execution of the target, and verifies its record on the way. @throws RecordInvalid */
export async function readReport({
  target,
  id,
  outageSince = null,
  publicKey,
}: ReadOptions): Promise<ExecutionReport> {
  const folder = target.runsFolder;
  const key = publicKey ?? publicKeyFile(target.evidence?.keyFile ?? keyFileIn(folder));
  const [record, executions, held, verdict] = await Promise.all([
    readRecord(folder, id),
    listExecutions(folder),
    heldExecutions(folder),
    verifyEvidence({ folder, publicKey: key, only: id }),
  ]);
  const first = record.events[0];
  const reconciled = reconciliationOf(id, executions);
  // What it measured counts only as long as its own record is as it was written.
  const counted = reconciled ? await verifyEvidence({ folder, publicKey: key, only: reconciled.id }) : null;
  const earlier = executions.filter(({ startedAt }) => startedAt < (first?.at ?? 0));
  return buildReport({
    ...{ target, events: record.events, outageSince, madeAt: Date.now() },
    holder: held.get(id) ?? null,
    usual: usualDurations(earlier, first?.kind === "started" ? first.runbook : ""),
    reconciled,
    copies: await lookAtCopies(target, id, record.text),
    evidence: {
      root: record.root.hash,
      head: record.head.hash,
      lines: record.lines,
      key: first?.kind === "started" ? (first.key ?? null) : null,
      holds: verdict.green && (counted?.green ?? true),
      problems: distinct([...verdict.problems, ...(counted?.problems ?? [])]).map(
        ({ file, line, what }) => `${file}${line === null ? "" : `, line ${line}`}: ${what}`,
      ),
      command: `castle evidence verify ${id} --key castle.pub.pem`,
    },
  });
}

/** The index is looked at with each record. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
