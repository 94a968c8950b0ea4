import { peerOf } from "@castle/regions/catalogue.ts";
import { agreesAhead, requireUnattended } from "../approvals/ahead.ts";
import { type Approver, firstOf } from "../engine/approval.ts";
import { Interrupted } from "../engine/interrupted.ts";
import { shippedTo } from "../evidence/bucket/shipping.ts";
import type { LookBefore } from "../readiness/around.ts";
import { HandoverFailed } from "../runbooks/errors.ts";
import type { HandoverKind } from "../runbooks/plan.ts";
import { type Preview, previewHandover } from "../runbooks/preview.ts";
import { type HandoverOptions, runbooks, runFailover, runSwitchover } from "../runbooks/run.ts";
import type { CellRegion, Target } from "../target.ts";
import { agree } from "./ask.ts";
import { besideTraders } from "./beside-traders.ts";
import { anyIsHere, bringRecords } from "./bring-records.ts";
import type { HandoverFlags } from "./commands.ts";
import { type Display, tellSteps } from "./display.ts";
import { displayFor } from "./display-for.ts";
import { exitCode, reportError } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import { atTheTerminal } from "./terminal-approver.ts";
import { goOnUnread } from "./unread-output.ts";

/** `castle failover` and `castle switchover`. @returns the exit code */
export async function handOverCommand(kind: HandoverKind, flags: HandoverFlags): Promise<number> {
  try {
    const to = cellRegionNamed(flags.to);
    const target = await findTarget(flags);
    await bringRecords(target, shippedTo[kind](to), anyIsHere);
    const { consentToLoss = false, hold = false } = flags;
    return await handOver(kind, { target, to, consentToLoss, hold }, flags);
  } catch (error) {
    return reportError(error);
  }
}

/** What a handover is to do, and to which execution. */
export type Asked = Pick<HandoverOptions, "target" | "to" | "only" | "skip" | "hold"> & {
  readonly consentToLoss: boolean;
};

/** Shows what it comes to, asks, and carries it out. @returns the exit code */
export async function handOver(
  kind: HandoverKind,
  asked: Asked,
  flags: { readonly yes?: boolean; readonly json?: boolean },
): Promise<number> {
  const { target, to, only, consentToLoss, hold = false } = asked;
  if (flags.yes) requireUnattended(kind, target);
  const preview = await previewHandover(target, { kind, to, consentToLoss, hold, only });
  if (preview.decision.kind === "refuse") return refused(preview, preview.decision.because);
  // Figures to decide by: with --yes that is done, and nothing is measured.
  const exposure = flags.yes ? [] : await preview.exposure();
  if (!flags.json) say(announcement(kind, to, target, preview, exposure));
  const look = await lookBefore(kind, target, flags);
  try {
    if (!flags.yes && !(await agree(`Begin the ${kind} to ${to}?`, "yes"))) {
      say(["nothing was done"]);
      return exitCode.failed;
    }
    return await watched(
      kind,
      { ...asked, look: look ?? "after" },
      flags.yes ?? false,
      await displayFor(runbooks[kind], flags, preview.usual),
    );
  } finally {
    look?.giveUp();
  }
}

/**
 * While the operator reads and decides, a look costs nobody's time, and loads what the steps need. A failover that is
 * agreed to begins before anything would be seen: none is begun, and its calls are not in the way of the first steps.
 */
async function lookBefore(
  kind: HandoverKind,
  target: Target,
  { yes }: { readonly yes?: boolean },
): Promise<LookBefore | null> {
  if (yes && kind === "failover") return null;
  const { LookBefore } = await import("../readiness/around.ts");
  return new LookBefore(target);
}

type Watched = Asked & Pick<HandoverOptions, "look">;

async function watched(kind: HandoverKind, asked: Watched, yes: boolean, display: Display): Promise<number> {
  const { target } = asked;
  const stop = stopOnSignal(display);
  const runIt = kind === "failover" ? runFailover : runSwitchover;
  const approver = firstOf(
    ...(yes ? [agreesAhead(kind, target)] : []),
    atTheTerminal(display),
    signedByApprovers(kind, asked, display),
  );
  try {
    const result = await besideTraders(
      { target, regions: [asked.to, peerOf(asked.to)], display },
      (onEvent) =>
        runIt({
          ...{ ...asked, approver, stop: stop.signal, onEvent },
          onAwaiting: (what) => display.awaiting(what),
          onUnshipped: (lines) => display.note(lines.join("\n")),
        }),
    );
    await display.end(result);
    return exitCode.good;
  } catch (error) {
    await display.end(error instanceof HandoverFailed ? error.result : null);
    const code = reportError(error);
    return error instanceof HandoverFailed && error.cause instanceof Interrupted
      ? exitCode.interrupted
      : code;
  } finally {
    stop.forget();
  }
}

/** Signed files are looked for in the regions that outlive it, as its record's copy; loaded once somebody is asked. */
const signedByApprovers = (
  kind: HandoverKind,
  { target, to }: Asked,
  display: Pick<Display, "note">,
): Approver => {
  const places = { target, regions: shippedTo[kind](to), onTrouble: (what: string) => display.note(what) };
  const ask = async (...question: Parameters<Approver>) => {
    const { bySignedFile } = await import("../approvals/by-signed-file.ts");
    return bySignedFile(...question, places);
  };
  return (...question) => ((target.approvers ?? []).length === 0 ? null : ask(...question));
};

/**
 * The first Ctrl-C (or SIGTERM) lets the step at work finish; another one ends the process where it stands. Output that
 * nobody reads any more ends nothing until it is forgotten.
 */
export function stopOnSignal(display: Pick<Display, "note">): {
  readonly signal: AbortSignal;
  readonly forget: () => void;
} {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    display.note(
      "stopping behind the step at work. Once more, and it ends right here. Either way the same command goes on with it",
    );
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const endUnreadAgain = goOnUnread();
  return {
    signal: controller.signal,
    forget: () => {
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
      endUnreadAgain();
    },
  };
}

async function refused(preview: Preview, because: string): Promise<number> {
  const code = reportError(new Error(because));
  for (const line of await preview.exposure()) process.stderr.write(`  ${line}\n`);
  return code;
}

function announcement(
  kind: HandoverKind,
  to: CellRegion,
  target: Target,
  { decision, usual }: Preview,
  exposure: readonly string[],
): string[] {
  if (decision.kind === "refuse") return [];
  const { plan } = decision;
  const begins =
    decision.kind === "resume"
      ? `continues ${decision.id}, ${decision.from === "top" ? "from the top" : "behind the last step that is done"}`
      : `begins epoch ${plan.epoch}`;
  return [
    `${kind} of ${target.name} from ${plan.from} to ${to}: ${begins}`,
    ...exposure.map((line) => `  ${line}`),
    ...(plan.consentToLoss
      ? ["  What only the old cell holds may be given up: you are asked before it is, with fresh figures."]
      : []),
    "",
    ...tellSteps(runbooks[kind], usual),
    "",
  ];
}

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};
