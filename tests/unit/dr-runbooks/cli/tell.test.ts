import { PassThrough } from "node:stream";
import { jsonDisplay, lineDisplay, tellEvent, tellSteps } from "@castle/dr-runbooks/cli/display.ts";
import { tellStatus } from "@castle/dr-runbooks/cli/tell-status.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import type { ClaimTold } from "@castle/dr-runbooks/engine/held-by.ts";
import { tellExposure } from "@castle/dr-runbooks/runbooks/exposure.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { switchover } from "@castle/dr-runbooks/runbooks/switchover.ts";
import type { CastleStatus } from "@castle/dr-runbooks/status.ts";
import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";

const events: readonly ExecutionEvent[] = [
  { kind: "started", at: 1_000, id: "failover-2", runbook: "failover", plan: {} },
  { kind: "step-started", at: 1_010, step: "open" },
  { kind: "step-done", at: 1_030, step: "open", how: "done", ms: 20 },
  {
    kind: "step-failed",
    at: 2_500,
    step: "pin",
    how: "timed-out",
    ms: 5,
    error: "no answer",
    tolerated: true,
  },
  { kind: "finished", at: 2_600, outcome: "done" },
];

describe("what a run tells", () => {
  it("in lines: what happened, when, and nothing that is only a beginning", () => {
    const out = new PassThrough();
    const display = lineDisplay(out);
    for (const event of events) display.show(event);
    expect(String(out.read()).split("\n")).to.deep.equal([
      "   0.000 s  begins execution failover-2",
      "   0.030 s  open: done in 20 ms",
      "   1.500 s  pin: not done, going on without (no answer)",
      "   1.600 s  finished",
      "",
    ]);
  });

  it("in JSON: every event, a line each", () => {
    const out = new PassThrough();
    const display = jsonDisplay(out);
    for (const event of events) display.show(event);
    const lines = String(out.read()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal(events);
  });

  it("says why, when it ends otherwise", () => {
    expect(tellEvent({ kind: "stopped", at: 1, because: "the operator wished so" })).to.contain(
      "the operator wished so",
    );
    expect(tellEvent({ kind: "finished", at: 1, outcome: "undone", because: "no" })).to.equal(
      "over, undone: no",
    );
    expect(tellEvent({ kind: "undo-failed", at: 1, step: "close", error: "stuck" })).to.contain("stuck");
  });
});

describe("a runbook, read aloud", () => {
  for (const runbook of [failover, switchover])
    it(`${runbook.name}: a line for each step, with its purpose`, () => {
      const lines = tellSteps(runbook);
      for (const line of lines) expect(line).to.match(/^ {2}(┌ |└ )?[a-z-]+ +[A-Z].*\.$/);
    });

  it("takes the role before it touches anything in a failover, and drains before that in a switchover", () => {
    const names = (lines: string[]): string[] => lines.map((line) => /[a-z-]{3,}/.exec(line)?.[0] ?? "");
    expect(names(tellSteps(failover)).slice(0, 3)).to.deep.equal([
      "consent-to-loss",
      "take-the-role",
      "fence-old-cell",
    ]);
    expect(names(tellSteps(switchover)).slice(3, 7)).to.deep.equal([
      "close-old-cell",
      "drain",
      "take-the-role",
      "fence-old-cell",
    ]);
  });
});

describe("the status in words", () => {
  const witness: Exclude<CastleStatus["witness"], { unreachable: string }> = {
    epoch: epoch(4),
    activeRegion: "eu-central-1",
    mode: "solo",
    changedBy: "failover-4",
    changedAt: 1_000,
    claim: null,
  };
  const status: CastleStatus = {
    target: "lab",
    witness,
    cells: [
      {
        region: "eu-west-1",
        database: { unreachable: "connect ECONNREFUSED" },
        journal: { unreachable: "no answer within 1.0 s" },
        cache: { unreachable: "no answer within 1.0 s" },
        endpoint: { weight: 0 },
      },
      {
        region: "eu-central-1",
        database: {
          writer: true,
          epoch: epoch(4),
          region: "eu-central-1",
          gate: "open",
          durability: "solo",
          streams: [{ stream: "BTCUSDT", lastSeq: 9, appliedSeq: 8 }],
        },
        journal: { epoch: 4, marks: { BTCUSDT: 7 } },
        cache: { role: "master" },
        endpoint: { weight: null },
      },
    ],
    unfinished: [
      {
        id: "failover-4",
        runbook: "failover",
        startedAt: 1,
        lastStep: "open",
        failure: { step: "await", error: "too long" },
      },
    ],
  };

  it("names who is active, what does not answer, and what is unfinished", () => {
    expect(tellStatus(status, 3_500)).to.deep.equal([
      "witness: epoch 4, eu-central-1 active, solo for 2.5 s (by failover-4)",
      "",
      "eu-west-1  standby",
      "  database  unreachable (connect ECONNREFUSED)",
      "  journal   unreachable (no answer within 1.0 s)",
      "  cache     unreachable (no answer within 1.0 s)",
      "  endpoint  weight 0",
      "",
      "eu-central-1  active",
      "  database  writer, epoch 4 of eu-central-1, gate open, solo",
      "    BTCUSDT   accepted 9, applied 8",
      "  journal   epoch 4, BTCUSDT to 7",
      "  cache     master",
      "  endpoint  taken out",
      "",
      "unfinished: failover-4, done up to open",
      "  ended at await: too long",
    ]);
  });

  it("names who holds the claim, while somebody does", () => {
    const claim: ClaimTold = {
      ...{ execution: "failover-5", runbook: "failover", since: 1_000, leaseUntil: 9_000, wantedBy: null },
      holder: { user: "ada", host: "ops-1", pid: 7, startedTicks: null, machine: null },
    };
    const at = (change: Partial<ClaimTold>, now = 3_500) =>
      tellStatus({ ...status, witness: { ...witness, claim: { ...claim, ...change } } }, now)[1];
    expect(at({})).to.equal(
      "at work: failover failover-5 holds the claim, begun by ada on ops-1 (process 7) at 1970-01-01 00:00:01 UTC: no other acts meanwhile",
    );
    expect(at({ wantedBy: "failover-6" })).to.contain("failover-6 asks it to make room");
    expect(at({}, 9_001)).to.contain("was not renewed in time");
    expect(tellStatus(status, 3_500).join("\n")).to.not.contain("claim");
  });

  it("does not guess who is active when the witness does not answer", () => {
    const lines = tellStatus({ ...status, witness: { unreachable: "gone" } }, 0);
    expect(lines[0]).to.equal("witness: unreachable (gone)");
    expect(lines.filter((line) => line.endsWith("role unknown"))).to.have.length(2);
  });
});

describe("the exposure in words", () => {
  const seqs = (of: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(of));
  const lag = { atMost: seconds(3), isComplete: false };
  const solo = { activeRegion: "eu-west-1", mode: "solo", since: 10_000, lag } as const;

  it("counts what the target lacks, while both can be asked", () => {
    const lines = tellExposure(
      { ...solo, held: seqs({ A: 5, B: 2 }), accepted: seqs({ A: 7, B: 2, C: 1 }) },
      12_000,
    );
    expect(lines[0]).to.contain("solo for 2.0 s");
    expect(lines[1]).to.equal("The target lacks, at this moment: 2 of A, 1 of C; 3 commands in all.");
  });

  it("says so when nothing is missing", () => {
    const lines = tellExposure(
      { ...solo, mode: "paired", held: seqs({ A: 5 }), accepted: seqs({ A: 5 }) },
      11_000,
    );
    expect(lines[0]).to.contain("durable in both regions");
    expect(lines[1]).to.equal("The target holds every command accepted so far.");
  });

  it("does not count what it cannot see", () => {
    const gone = { unreachable: "gone" };
    expect(tellExposure({ ...solo, held: seqs({ A: 5 }), accepted: gone }, 11_000)[1]).to.match(
      /holds A up to 5; what eu-west-1 has beyond that cannot be counted/,
    );
    expect(tellExposure({ ...solo, held: gone, accepted: gone }, 11_000)[1]).to.contain(
      "cannot be seen: gone",
    );
  });
});
