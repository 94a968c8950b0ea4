import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { buildReport, type ReportSources } from "@castle/dr-runbooks/report/execution/build.ts";

const who = { user: "ada", host: "ops-1", pid: 7 };
export const T0 = Date.parse("2026-01-02T03:04:05.000Z");

export const call = (more: Partial<Extract<ExecutionEvent, { kind: "call" }>> = {}): ExecutionEvent => ({
  ...{
    kind: "call",
    at: T0 + 150,
    during: "promote-database",
    service: "rds",
    operation: "FailoverGlobalCluster",
  },
  ...{ region: "eu-central-1", reads: false, resource: "castle", ms: 40, status: 200, error: null },
  ...{ requestId: "r-1", ...more },
});

export const looked = (when: "before" | "after", ready: boolean): ExecutionEvent => ({
  ...{ kind: "looked", at: T0 + 10, when, lookedAt: T0 - 300, ms: 290, ready },
  checks: [
    {
      ...{ name: "journal", severity: "blocks", outcome: ready ? "holds" : "unknown" },
      ...{ found: ready ? "nothing is missing" : "no answer", wanted: "an answer" },
    },
  ],
  estimate: { detectionSeconds: 20, recoverySeconds: 2 },
  exposure: { commands: 0, told: "nothing that was acknowledged: paired" },
});

const done = (step: string, from: number, to: number, facts = {}): ExecutionEvent[] => [
  { kind: "step-started", at: T0 + from, step },
  { kind: "step-done", at: T0 + to, step, how: "done", ms: to - from, facts },
];

const plan = {
  ...{ kind: "failover", from: "eu-west-1", to: "eu-central-1", epoch: 2 },
  ...{ consentToLoss: false, hold: false, continues: null },
};

/** A failover that was cut off in the middle, and gone on with. */
export const exampleEvents = (): ExecutionEvent[] => [
  {
    ...{
      kind: "started",
      at: T0,
      id: "failover-2-eu-central-1-x",
      runbook: "failover",
      by: who,
      key: "SHA256:k",
    },
    plan,
    objectives: { recoveryTimeSeconds: 8, recoveryPointCommands: 0 },
  },
  looked("before", true),
  ...done("take-the-role", 20, 40),
  ...done("fence-old-cell", 40, 50, { lastAcceptedAt: T0 - 900 }),
  { kind: "step-started", at: T0 + 50, step: "promote-database" },
  call(),
  { kind: "resumed", at: T0 + 2_000, from: "last-step", plan, by: { ...who, user: "bob" } },
  ...done("promote-database", 2_010, 2_100),
  ...done("raise-database-epoch", 2_100, 2_110),
  ...done("replay-journal", 2_110, 2_150, { replayed: { BTCUSDT: 3 } }),
  { kind: "step-skipped", at: T0 + 2_160, step: "promote-cache", because: "done by hand", by: who },
  ...done("open", 2_200, 2_210),
  call({ at: T0 + 2_250, during: null, operation: "DescribeGlobalClusters", reads: true }),
  looked("after", false),
  { kind: "finished", at: T0 + 2_300, outcome: "done" },
];

/** The same failover out of solo, to whose loss somebody consented. @param measured what was known then */
export function consented(measured?: Record<string, unknown>, approval = "consent-to-loss"): ReportSources {
  const digest = "c".repeat(64);
  const figures = ["solo for 9 s"];
  const [first, ...rest] = exampleEvents();
  return exampleSources([
    ...(first ? [first] : []),
    {
      ...{ kind: "approval-asked", at: T0 + 12, approval, purpose: "Give it up.", figures, digest },
      ...{ measuredAt: T0 + 11, until: T0 + 300_000, ...(measured && { measured }) },
    },
    {
      ...{ kind: "approval-given", at: T0 + 15, approval, how: "terminal", by: who, figures, digest },
      until: T0 + 300_000,
    },
    ...rest,
  ]);
}

export const exampleSources = (events = exampleEvents()): ReportSources => ({
  ...{ target: { name: "prd", kind: "aws" }, holder: null, outageSince: null, madeAt: T0 + 60_000, events },
  usual: new Map([["open", 12]]),
  reconciled: null,
  copies: [
    {
      ...{ region: "eu-central-1", bucket: "evidence-c", lines: 20, of: 20, complete: true },
      ...{ lockedUntil: T0 + 86_400_000, modes: ["COMPLIANCE"], problem: null },
    },
    {
      ...{ region: "eu-west-1", bucket: "evidence-w", lines: null, of: 20, complete: null },
      ...{ lockedUntil: null, modes: [], problem: "it could not be looked at: no answer" },
    },
  ],
  evidence: {
    ...{ root: "a".repeat(64), head: "b".repeat(64), lines: 20, key: "SHA256:k", holds: true, problems: [] },
    command: "castle evidence verify failover-2-eu-central-1-x --key castle.pub.pem",
  },
});

export const exampleExecution = (events?: ExecutionEvent[]) => buildReport(exampleSources(events));
