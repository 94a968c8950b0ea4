import type { Audit } from "@castle/dr-runbooks/report/report.ts";
import { auditViolations } from "@castle/lab/drill/violations.ts";
import { expect } from "chai";

const clean: Audit = {
  ...{ lostAcknowledged: 0, duplicatedEffects: 0, contradicted: 0, staleEpochAcknowledged: 0, seqGaps: 0 },
  ...{ conserved: true, negativeBalances: 0, examples: [] },
  checked: { commands: 737, "fills told": 240 },
};

describe("the violations of a random schedule", () => {
  it("are none where everything was looked at and holds", () =>
    expect(auditViolations(clean)).to.deep.equal([]));

  for (const [what, broken] of [
    ["a lost acknowledgement", { lostAcknowledged: 1 }],
    ["an effect that came twice", { duplicatedEffects: 1 }],
    ["a contradiction", { contradicted: 1 }],
    ["an acknowledgement in a stale epoch", { staleEpochAcknowledged: 1 }],
    ["a gap", { seqGaps: 1 }],
    ["money out of nowhere", { conserved: false }],
    ["a balance below zero", { negativeBalances: 1 }],
  ] as const)
    it(`tell ${what}`, () => expect(auditViolations({ ...clean, ...broken })).to.have.length(1));

  it("tell what the audit had nothing to look at of", () =>
    expect(auditViolations({ ...clean, checked: { commands: 737, "fills told": 0 } })).to.deep.equal([
      "the audit saw no fills told",
    ]));
});
