import { peerOf } from "@castle/regions/catalogue.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { requireUnattended } from "../approvals/ahead.ts";
import { Interrupted } from "../engine/interrupted.ts";
import { listExecutions } from "../engine/record.ts";
import { usualDurations } from "../engine/usual-durations.ts";
import { shippedTo } from "../evidence/bucket/shipping.ts";
import { OperationFailed } from "../runbooks/operations/errors.ts";
import { type OperationDecision, type OperationKind, planOperation } from "../runbooks/operations/plan.ts";
import type { OperationResult } from "../runbooks/operations/result.ts";
import { operations, runIsolate, runRejoin } from "../runbooks/operations/run.ts";
import type { CellRegion, Target } from "../target.ts";
import { agree, someoneIsThere } from "./ask.ts";
import { besideTraders } from "./beside-traders.ts";
import { anyIsHere, bringRecords } from "./bring-records.ts";
import { tellSteps, type Usual } from "./display.ts";
import { displayFor } from "./display-for.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import { stopOnSignal } from "./handover-command.ts";
import type { OperationFlags } from "./register-operations.ts";

const runs = { isolate: runIsolate, rejoin: runRejoin } as const;

/** `castle isolate` and `castle rejoin`. @returns the exit code */
export async function operateCommand(kind: OperationKind, flags: OperationFlags): Promise<number> {
  if (flags.dryRun) return (await import("./dry-run-command.ts")).operationDryRunCommand(kind, flags);
  try {
    const region = cellRegionNamed(flags.region);
    const target = await findTarget(flags);
    if (flags.yes) requireUnattended(kind, target);
    await bringRecords(target, shippedTo[kind](region), anyIsHere);
    const { decision, usual } = await preview(target, kind, region);
    if (decision.kind === "refuse") return reportError(new Error(decision.because));
    if (!flags.json) say(announcement(kind, region, target, decision, usual));
    if (!flags.yes && !(await agreed(kind, region))) {
      say(["nothing was done"]);
      return exitCode.failed;
    }
    return await watched(kind, { target, region, usual }, flags.json ?? false);
  } catch (error) {
    return reportError(error);
  }
}

async function preview(
  target: Target,
  kind: OperationKind,
  region: CellRegion,
): Promise<{ readonly decision: OperationDecision; readonly usual: Usual }> {
  const witness = new DynamoWitness(target.witness);
  try {
    const [record, executions] = await Promise.all([witness.read(), listExecutions(target.runsFolder)]);
    return {
      decision: planOperation({ kind, region }, record, executions),
      usual: usualDurations(executions, kind),
    };
  } finally {
    witness.close();
  }
}

const announcement = (
  kind: OperationKind,
  region: CellRegion,
  target: Target,
  decision: Exclude<OperationDecision, { kind: "refuse" }>,
  usual: Usual,
): string[] => [
  `${kind} of ${region}, ${target.name}: ${decision.kind === "resume" ? `goes on with ${decision.id}` : "begins"}; ${peerOf(region)} holds the role of epoch ${decision.plan.epoch}, and keeps it`,
  "",
  ...tellSteps(operations[kind], usual),
  "",
];

function agreed(kind: OperationKind, region: CellRegion): Promise<boolean> {
  if (!someoneIsThere())
    throw new UsageError(`nobody is at a terminal to agree to the ${kind}: add --yes to go ahead`);
  return agree(`${kind === "isolate" ? "Isolate" : "Bring back"} ${region}?`, "yes");
}

async function watched(
  kind: OperationKind,
  { usual, ...what }: { readonly target: Target; readonly region: CellRegion; readonly usual: Usual },
  json: boolean,
): Promise<number> {
  const display = await displayFor(operations[kind], { json }, usual);
  const stop = stopOnSignal(display);
  const { target, region } = what;
  try {
    const result = await besideTraders({ target, regions: [peerOf(region), region], display }, (onEvent) =>
      runs[kind]({
        ...what,
        ...{ stop: stop.signal, onEvent },
        onAwaiting: (awaited) => display.awaiting(awaited),
        onUnshipped: (lines) => display.note(lines.join("\n")),
      }),
    );
    await display.end(null);
    if (json) line({ kind: "result", result });
    else say(ending(result));
    return exitCode.good;
  } catch (error) {
    await display.end(null);
    if (json && error instanceof OperationFailed) line({ kind: "result", result: error.result });
    const code = reportError(error);
    return error instanceof OperationFailed && error.cause instanceof Interrupted
      ? exitCode.interrupted
      : code;
  } finally {
    stop.forget();
  }
}

function ending({ kind, region, activeRegion, epoch, left }: OperationResult): string[] {
  if (kind === "rejoin") return [`${region} is standby of ${activeRegion} in epoch ${epoch}, and paired`];
  if (left.length === 0) return [`${region} is isolated; castle rejoin --region ${region} brings it back`];
  return [
    `${region} is fenced. What could not be done, since it did not answer (run it again once it does):`,
    ...left.map(({ step, error }) => `  ${step}: ${error}`),
  ];
}

const line = (told: object): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

const say = (lines: readonly string[]): void => {
  for (const text of lines) process.stdout.write(`${text}\n`);
};
