import { Interrupted } from "@castle/dr-runbooks/engine/interrupted.ts";
import { perform } from "@castle/dr-runbooks/engine/perform.ts";
import type { ExecutionState } from "@castle/dr-runbooks/engine/state.ts";
import type { At } from "@castle/dr-runbooks/engine/step.ts";
import { awaited } from "@castle/dr-runbooks/runbooks/operations/await.ts";
import { type Operation, RoleMoved } from "@castle/dr-runbooks/runbooks/operations/operation.ts";
import { type OperationPlan, planOperation } from "@castle/dr-runbooks/runbooks/operations/plan.ts";
import { handoverPlanSchema } from "@castle/dr-runbooks/runbooks/plan.ts";
import { isolateEndpoint } from "@castle/dr-runbooks/steps/isolate-endpoint.ts";
import { rejoinEndpoint } from "@castle/dr-runbooks/steps/rejoin-endpoint.ts";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { expect } from "chai";

const HOME: CellRegion = "eu-west-1";
const PEER: CellRegion = "eu-central-1";

/** The peer is active in epoch 6. */
const record: WitnessRecord = {
  epoch: epoch(6),
  activeRegion: PEER,
  mode: "solo",
  changedBy: "a failover",
};

const begun = (id: string, plan: OperationPlan, finished = false): ExecutionState => ({
  ...{
    id,
    runbook: plan.kind,
    plan,
    startedAt: 1,
    settled: [],
    begun: {},
    topAt: 1,
    approvals: {},
    paused: null,
    failure: null,
  },
  ...{ by: [], lastAt: 1, stopped: null },
  finished: finished ? { kind: "finished", at: 2, outcome: "done" } : null,
});
const plan = (change: Partial<OperationPlan> = {}): OperationPlan => ({
  kind: "isolate",
  region: HOME,
  epoch: epoch(6),
  ...change,
});
const isolateHome = { kind: "isolate", region: HOME } as const;

describe("planning what is done to a cell without the role", () => {
  it("begins in the epoch of the cell that holds the role", () => {
    expect(planOperation(isolateHome, record, [])).to.deep.equal({
      kind: "start",
      plan: plan(),
      superseded: [],
    });
  });

  it("refuses the cell that holds the role, and says what to do first", () => {
    const decision = planOperation({ kind: "isolate", region: PEER }, record, []);
    expect(decision).to.have.property("kind", "refuse");
    expect(decision).to.have.property("because").that.contains(`castle switchover --to ${HOME}`);
    expect(planOperation({ kind: "rejoin", region: PEER }, record, [])).to.have.property("kind", "refuse");
  });

  it("goes on with the same, begun in the same epoch", () => {
    expect(planOperation(isolateHome, record, [begun("i", plan())])).to.include({ kind: "resume", id: "i" });
  });

  it("begins anew what was finished", () => {
    expect(planOperation(isolateHome, record, [begun("i", plan(), true)])).to.include({ kind: "start" });
  });

  it("closes what was begun and is not wanted any more: of another epoch, or the opposite", () => {
    const old = begun("old", plan({ epoch: epoch(5) }));
    const opposite = begun("opposite", plan({ kind: "rejoin" }));
    expect(planOperation(isolateHome, record, [old, opposite])).to.deep.equal({
      kind: "start",
      plan: plan(),
      superseded: ["old", "opposite"],
    });
  });

  it("is none of a handover's business", () => {
    expect(handoverPlanSchema.safeParse(plan()).success).to.equal(false);
  });
});

describe("waiting for a cell that comes back", () => {
  const noted: unknown[] = [];
  const at: At = { signal: new AbortController().signal, note: (finding) => noted.push(finding) };
  const waiting = (stop: AbortSignal, holder: WitnessRecord = record) =>
    ({
      plan: plan(),
      active: { region: PEER },
      witness: { read: async () => holder },
      stop,
    }) as unknown as Operation;

  it("tells what is missing, a server that does not answer too, until nothing is", async () => {
    const operation = waiting(new AbortController().signal);
    const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const looks = [() => Promise.reject(gone), async () => "it is being rebuilt", async () => true as const];
    await awaited(operation, "a step", () => looks.shift()?.() ?? Promise.resolve(true as const), at);
    expect(noted).to.deep.equal(["connect ECONNREFUSED", "it is being rebuilt"]);
  });

  const rejection = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail("it went on"),
      (error: unknown) => error,
    );

  it("ends when the operator stops", async () => {
    const operation = waiting(AbortSignal.abort());
    const error = await rejection(awaited(operation, "a step", async () => "never", at));
    expect(error).to.be.instanceOf(Interrupted);
  });

  it("ends when the role moves", async () => {
    const moved = { ...record, epoch: epoch(7), activeRegion: HOME };
    const operation = waiting(new AbortController().signal, moved);
    const error = await rejection(awaited(operation, "a step", async () => "never", at));
    expect(error).to.be.instanceOf(RoleMoved);
  });
});

describe("a weight at the edge, which carries no epoch,", () => {
  const edge = (holder: WitnessRecord, now: number) => {
    const endpoint = {
      now,
      weight: async () => endpoint.now,
      setWeight: async (weight: number) => {
        endpoint.now = weight;
      },
    };
    const operation = {
      plan: plan(),
      active: { region: PEER },
      cell: { region: HOME, endpoint },
      witness: { read: async () => holder },
    } as unknown as Operation;
    return { endpoint, operation };
  };
  const moved: WitnessRecord = { ...record, epoch: epoch(7), activeRegion: HOME };

  for (const [step, before, after] of [
    [isolateEndpoint, 128, 0],
    [rejoinEndpoint, 0, 128],
  ] as const)
    it(`is set by ${step.name}, and left alone once the cell was given the role`, async () => {
      const standing = edge(record, before);
      expect(await perform(step, standing.operation)).to.include({ how: "done" });
      expect(standing.endpoint.now).to.equal(after);
      const late = edge(moved, before);
      expect(await perform(step, late.operation)).to.include({ how: "blocked" });
      expect(late.endpoint.now).to.equal(before);
    });
});
