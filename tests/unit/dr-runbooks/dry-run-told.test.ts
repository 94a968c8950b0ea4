import type { DryRun } from "@castle/dr-runbooks/dry-run/dry-run.ts";
import type { OperationDryRun } from "@castle/dr-runbooks/dry-run/operation.ts";
import type { DryStep } from "@castle/dr-runbooks/dry-run/rehearse.ts";
import { tellDryRun, tellOperationDryRun } from "@castle/dr-runbooks/dry-run/tell.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";

const step = (name: string, more: Partial<DryStep> = {}): DryStep => ({
  step: name,
  verdict: "would-run",
  why: null,
  purpose: "Do it.",
  calls: [],
  expected: null,
  timeoutMs: 1_000,
  bestEffort: false,
  ...more,
});

const dryRun = (steps: readonly DryStep[], more: Partial<DryRun> = {}): DryRun => ({
  target: "castle",
  request: { kind: "failover", to: "eu-central-1", consentToLoss: false },
  decision: {
    kind: "start",
    superseded: [],
    plan: {
      kind: "failover",
      from: "eu-west-1",
      to: "eu-central-1",
      epoch: epoch(7),
      consentToLoss: false,
      hold: false,
      continues: null,
    },
  },
  exposure: ["eu-west-1 has been paired for 3.0 s."],
  steps,
  expectedMs: 1_200,
  unknown: [],
  clear: true,
  ...more,
});

const told = (...args: Parameters<typeof dryRun>): string => tellDryRun(dryRun(...args)).join("\n");

describe("a dry run in words", () => {
  it("says that nothing is changed, what would begin, and what it may lose", () => {
    expect(told([])).to.contain("dry run: failover of castle to eu-central-1. Nothing is changed.");
    expect(told([])).to.contain("It would begin epoch 7.").and.to.contain("paired for 3.0 s");
    expect(told([])).to.contain("Expected in all: about 1.2 s.");
  });

  it("tells of each step what would become of it, how long it takes, and whom it asks", () => {
    const promote = step("promote-database", {
      expected: { ms: 60_000, from: "aws" },
      calls: [{ service: "rds", operation: "FailoverGlobalCluster", region: "eu-central-1", reads: false }],
    });
    const lines = tellDryRun(dryRun([promote, step("open", { verdict: "done" })]));
    expect(lines).to.include("  would run  promote-database         about 60.0 s (as AWS publishes)");
    expect(lines).to.include("             calls rds:FailoverGlobalCluster in eu-central-1");
    expect(lines).to.include("  skipped    open");
    expect(lines).to.include("             done already");
  });

  it("ends with what stands in the way, and does not count what the runbook does without", () => {
    const blocked = step("check-ready", { verdict: "blocked", why: "the gate is closed" });
    const unsure = step("pin-old-endpoint", {
      verdict: "unjudged",
      why: "cannot be judged: x",
      bestEffort: true,
    });
    expect(told([blocked, unsure])).to.match(/BLOCKED +check-ready\n +the gate is closed/);
    expect(told([blocked, unsure])).to.match(/In the way: check-ready\.$/);
    expect(told([unsure])).to.match(/Nothing stands in the way\.$/);
  });

  it("names what nothing is known of", () => {
    expect(told([], { unknown: ["drain"] })).to.contain("about 1.2 s, and what is not known yet of drain.");
  });

  it("says why it would be refused", () => {
    const refused = told([], {
      decision: { kind: "refuse", refusal: "solo-needs-consent", because: "epoch 6 is solo" },
    });
    expect(refused).to.match(/It would be refused: epoch 6 is solo$/);
  });
});

describe("a dry run of an operation in words", () => {
  const operation = (more: Partial<OperationDryRun> = {}): string =>
    tellOperationDryRun({
      target: "castle",
      request: { kind: "rejoin", region: "eu-west-1" },
      decision: {
        kind: "start",
        superseded: [],
        plan: { kind: "rejoin", region: "eu-west-1", epoch: epoch(7) },
      },
      ...{ steps: [step("rejoin-check")], expectedMs: 0, unknown: ["rejoin-check"], clear: true },
      ...more,
    }).join("\n");

  it("says what it is done to, and who keeps the role", () => {
    expect(operation()).to.contain("dry run: rejoin of eu-west-1, castle. Nothing is changed.");
    expect(operation()).to.contain("eu-central-1 holds the role of epoch 7, and keeps it.");
    expect(operation()).to.match(/would run {2}rejoin-check/);
  });

  it("says why it would be refused", () =>
    expect(operation({ decision: { kind: "refuse", because: "it holds the role" }, steps: [] })).to.match(
      /It would be refused: it holds the role$/,
    ));
});
