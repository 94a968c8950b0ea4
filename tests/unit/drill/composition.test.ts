import { compositionOf, tellComposition } from "@castle/lab/drill/composition.ts";
import type { CommandMet } from "@castle/lab/drill/operator-commands.ts";
import type { Blow, Schedule } from "@castle/lab/drill/schedule.ts";
import { expect } from "chai";

const schedule = (...blows: Blow[]): Schedule => ({
  ...{ seed: 1, lastsMs: 4_000 },
  blows: blows.map((blow) => ({ atMs: 0, forMs: null, blow })),
});
const met = (fate: CommandMet["fate"]): CommandMet => ({ command: "failover", fate, code: 0 });
const toBeKilled: Blow = { kind: "failover", runner: { fate: "killed", line: 3, afterMs: 0 } };

describe("the composition of random schedules", () => {
  it("counts what befell, the most frequent first", () =>
    expect(
      tellComposition(
        compositionOf([
          { schedule: schedule({ kind: "cut-link" }, toBeKilled), commands: [met("killed")] },
          { schedule: schedule({ kind: "cut-link" }), commands: [] },
        ]),
      ),
    ).to.equal("2 cut-link · 1 failover · 1 runner killed"));

  it("counts no fate that missed its runner", () =>
    expect(
      tellComposition(compositionOf([{ schedule: schedule(toBeKilled), commands: [met("lives")] }])),
    ).to.equal("1 failover"));
});
