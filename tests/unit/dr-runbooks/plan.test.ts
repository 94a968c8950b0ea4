import type { ExecutionState } from "@castle/dr-runbooks/engine/state.ts";
import { type HandoverPlan, type HandoverRequest, planHandover } from "@castle/dr-runbooks/runbooks/plan.ts";
import { TAKE_THE_ROLE } from "@castle/dr-runbooks/steps/take-the-role.ts";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { expect } from "chai";

const HOME: CellRegion = "eu-west-1";
const PEER: CellRegion = "eu-central-1";

/** Home is active in epoch 5, unless said otherwise. */
const record = (change: Partial<WitnessRecord> = {}): WitnessRecord => ({
  epoch: epoch(5),
  activeRegion: HOME,
  mode: "paired",
  changedBy: "a gateway",
  ...change,
});
/** What the witness holds once `by` has taken the role for the peer. */
const taken = (by: string): WitnessRecord =>
  record({ epoch: epoch(6), activeRegion: PEER, mode: "solo", changedBy: by });

const request = (change: Partial<HandoverRequest> = {}): HandoverRequest => ({
  kind: "failover",
  to: PEER,
  consentToLoss: false,
  ...change,
});

const plan = (change: Partial<HandoverPlan> = {}): HandoverPlan => ({
  kind: "failover",
  from: HOME,
  to: PEER,
  epoch: epoch(6),
  consentToLoss: false,
  hold: false,
  continues: null,
  ...change,
});

const execution = (
  id: string,
  of: HandoverPlan,
  more: { settled?: readonly string[]; finished?: boolean } = {},
): ExecutionState => ({
  id,
  runbook: of.kind,
  plan: of,
  startedAt: 1,
  settled: (more.settled ?? []).map((step) => ({
    step,
    startedAt: 1,
    endedAt: 2,
    ms: 1,
    outcome: "done",
    facts: {},
    error: null,
  })),
  begun: {},
  topAt: 1,
  approvals: {},
  failure: null,
  by: [],
  lastAt: 2,
  stopped: null,
  paused: null,
  finished: more.finished ? { kind: "finished", at: 3, outcome: "done" } : null,
});

describe("planning a handover", () => {
  it("begins one into the next epoch", () => {
    expect(planHandover(request(), record(), [])).to.deep.equal({
      kind: "start",
      plan: plan(),
      superseded: [],
    });
  });

  it("refuses to hand over to where the role is", () => {
    expect(planHandover(request({ to: HOME }), record(), [])).to.include({
      kind: "refuse",
      refusal: "already-active-there",
    });
  });

  it("refuses to hand over out of solo, unless loss is consented to", () => {
    const solo = record({ mode: "solo" });
    expect(planHandover(request(), solo, [])).to.include({ kind: "refuse", refusal: "solo-needs-consent" });
    expect(planHandover(request({ consentToLoss: true }), solo, [])).to.deep.equal({
      kind: "start",
      plan: plan({ consentToLoss: true }),
      superseded: [],
    });
  });

  it("leaves finished executions, and those of other runbooks, alone", () => {
    const others = [
      execution("done", plan(), { finished: true }),
      { ...execution("readiness-1", plan()), plan: { region: HOME } },
    ];
    expect(planHandover(request(), record(), others)).to.include({ kind: "start" });
  });

  describe("with an unfinished execution", () => {
    it("continues one that has not taken the role from the top", () => {
      expect(planHandover(request(), record(), [execution("one", plan())])).to.deep.equal({
        kind: "resume",
        id: "one",
        plan: plan(),
        from: "top",
        superseded: [],
      });
    });

    it("continues one that has taken the role behind its last step", () => {
      const one = execution("one", plan(), { settled: [TAKE_THE_ROLE] });
      for (const by of ["one", "a gateway of the peer, which paired"])
        expect(planHandover(request(), taken(by), [one])).to.include({
          kind: "resume",
          id: "one",
          from: "last-step",
        });
    });

    it("knows by the witness that it took the role, when it died before it could write that down", () => {
      expect(planHandover(request(), taken("one"), [execution("one", plan())])).to.include({
        kind: "resume",
        from: "last-step",
      });
    });

    it("asks for consent again when the cell has gone solo before the role was taken", () => {
      const solo = record({ mode: "solo" });
      const one = execution("one", plan({ consentToLoss: true }));
      expect(planHandover(request(), solo, [one])).to.include({ refusal: "solo-needs-consent" });
    });

    it("keeps the consent under which the role was taken", () => {
      const one = execution("one", plan({ consentToLoss: true }), { settled: [TAKE_THE_ROLE] });
      expect(planHandover(request(), taken("one"), [one])).to.deep.include({
        plan: plan({ consentToLoss: true }),
      });
    });

    it("does not take one for its own whose role somebody else took, and closes it", () => {
      const decision = planHandover(request({ to: HOME, consentToLoss: true }), taken("another"), [
        execution("one", plan()),
      ]);
      expect(decision).to.deep.equal({
        kind: "start",
        plan: plan({ from: PEER, to: HOME, epoch: epoch(7), consentToLoss: true }),
        superseded: ["one"],
      });
    });

    it("closes one of an epoch long past", () => {
      const old = execution("old", plan({ epoch: epoch(3) }), { settled: [TAKE_THE_ROLE] });
      expect(planHandover(request(), record(), [old])).to.deep.include({
        kind: "start",
        superseded: ["old"],
      });
    });

    it("begins a failover beside a switchover that has not taken the role", () => {
      const planned = execution("planned", plan({ kind: "switchover" }));
      expect(planHandover(request(), record(), [planned])).to.deep.equal({
        kind: "start",
        plan: plan(),
        superseded: [],
      });
    });

    it("finishes by failover, in the same epoch, a switchover whose old cell died on the way", () => {
      const planned = execution("planned", plan({ kind: "switchover" }), { settled: [TAKE_THE_ROLE] });
      expect(planHandover(request(), taken("planned"), [planned])).to.deep.equal({
        kind: "start",
        plan: plan({ continues: "planned" }),
        superseded: ["planned"],
      });
    });

    it("continues that failover, and not the switchover before it", () => {
      const both = [
        execution("planned", plan({ kind: "switchover" }), { settled: [TAKE_THE_ROLE] }),
        execution("instead", plan({ continues: "planned" })),
      ];
      expect(planHandover(request(), taken("planned"), both)).to.include({ kind: "resume", id: "instead" });
    });

    it("does not finish a failover by switchover, whose old cell must be well", () => {
      const one = execution("one", plan(), { settled: [TAKE_THE_ROLE] });
      expect(planHandover(request({ kind: "switchover" }), taken("one"), [one])).to.include({
        kind: "refuse",
        refusal: "unfinished-failover",
      });
    });

    it("hands back out of one that is stuck, with consent, since its epoch is solo", () => {
      const one = execution("one", plan(), { settled: [TAKE_THE_ROLE] });
      const back = request({ to: HOME });
      expect(planHandover(back, taken("one"), [one])).to.include({ refusal: "solo-needs-consent" });
      expect(planHandover({ ...back, consentToLoss: true }, taken("one"), [one])).to.deep.include({
        kind: "start",
        plan: plan({ from: PEER, to: HOME, epoch: epoch(7), consentToLoss: true }),
      });
    });
  });
});
