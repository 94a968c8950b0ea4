import type { Evidence } from "../report.ts";
import type { ExecutionReport } from "./report.ts";

/** What the report of a drill tells of an execution. Pure. @param report where its own is, relative to the drill's */
export const evidenceOf = (
  { id, evidence, approvals, calls, readiness }: ExecutionReport,
  report: string | null = null,
): Evidence => ({
  execution: id,
  ...{ root: evidence.root, head: evidence.head, lines: evidence.lines, holds: evidence.holds },
  approvals: approvals.filter(({ answer }) => answer === "given").length,
  calls: calls.length,
  changes: calls.filter(({ reads }) => !reads).length,
  readyBefore: readiness.before?.ready ?? null,
  readyAfter: readiness.after?.ready ?? null,
  report,
});
