import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { switchover } from "@castle/dr-runbooks/runbooks/switchover.ts";
import { cutsOf, handoverPhases } from "@castle/lab/drill/phases.ts";
import { expect } from "chai";

/** Traders are served by then, or do not wait for it. */
const told = ["tell-everyone-it-begins", "tell-everyone-it-is-open"];
const afterwards = {
  failover: ["admit-target-endpoint", "pin-old-endpoint", "scale-up", ...told],
  switchover: ["await-paired", ...told],
};

describe("phases of the runbooks", () => {
  for (const { kind, names } of [
    { kind: "failover" as const, names: stepsOf(failover).map(({ name }) => name) },
    { kind: "switchover" as const, names: stepsOf(switchover).map(({ name }) => name) },
  ])
    it(`hold every step of the ${kind} that traders wait for, once`, () => {
      const held = handoverPhases[kind].flatMap(({ steps }) => steps);
      expect([...held, ...afterwards[kind]]).to.have.members(names);
    });

  it("end with the last of their steps, and are left out when none of them ran", () => {
    const step = (name: string, endMs: number) => ({
      name,
      purpose: "",
      startMs: 0,
      endMs,
      outcome: "done" as const,
      error: null,
    });
    const steps = [step("promote-cache", 900), step("fence-old-cell", 100), step("engines-catch-up", 700)];
    expect(cutsOf("failover", steps)).to.deep.equal([
      { phase: "fence", endMs: 100 },
      { phase: "rebuild", endMs: 900 },
    ]);
  });
});
