import { formatMs, plural } from "../format.ts";
import type { ExecutionReport } from "./report.ts";

type Known = Pick<
  ExecutionReport,
  "runbook" | "standing" | "because" | "to" | "recoveryTime" | "recoveryPoint" | "steps"
>;

/** What became of the execution, in one sentence. Pure. */
export function verdictOf(report: Known): string {
  const { runbook, standing, because, steps } = report;
  const why = because === null ? "" : `: ${because}`;
  const settled = steps.filter(({ outcome }) => outcome === "done" || outcome === "already-done").length;
  switch (standing) {
    case "done":
      return report.recoveryTime
        ? handedOver(report)
        : `The runbook ${runbook} came to its end for ${report.to}${left(report)}.`;
    case "undone":
      return sentence(`The ${runbook} was taken back, and changed nothing${why}`);
    case "canceled":
      return sentence(`The ${runbook} was called off, and what it had done was taken back${why}`);
    case "superseded":
      return sentence(`The ${runbook} was overtaken by another execution${why}`);
    case "stopped":
      return sentence(
        `The ${runbook} stopped behind ${settled} of ${steps.length} steps, and is not finished${why}`,
      );
    case "paused":
      return sentence(`The ${runbook} was paused behind ${settled} of ${steps.length} steps${why}`);
    case "killed":
      return `The process that ran the ${runbook} ended without a word, behind ${settled} of ${steps.length} steps; it is not finished.`;
    case "waiting":
      return `The ${runbook} waits for somebody to approve: ${settled} of ${steps.length} steps are done.`;
    case "running":
      return `The ${runbook} is at work: ${settled} of ${steps.length} steps are done.`;
    default:
      return standing satisfies never;
  }
}

function handedOver({ to, recoveryTime, recoveryPoint }: Known): string {
  const took = recoveryTime?.foundMs == null ? "" : ` in ${formatMs(recoveryTime.foundMs)}`;
  return `The role was handed over to ${to}${took}${within(recoveryTime)}; ${lost(recoveryPoint)}.`;
}

function within(time: Known["recoveryTime"]): string {
  if (!time || time.wantedMs === null || time.met === null) return "";
  const objective = `the objective of ${formatMs(time.wantedMs)}`;
  return time.met ? `, within ${objective}` : `, past ${objective}`;
}

function lost(point: Known["recoveryPoint"]): string {
  if (point?.lost === 0) return "no acknowledged command was lost";
  if (point?.lost) return `${plural(point.lost, "acknowledged command")} of the old cell were lost`;
  if (point?.bound?.soloSeconds != null)
    return `at most the last ${formatMs(point.bound.soloSeconds * 1_000)} of what the old cell acknowledged were lost, which is not measured yet`;
  return "what was lost is unknown until castle reconcile has looked at the old writer";
}

const left = ({ steps }: Known): string => {
  const undone = steps.filter(({ error }) => error !== null).map(({ name }) => name);
  return undone.length === 0 ? "" : `, without ${undone.join(", ")}`;
};

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
