import type { Verdict } from "@castle/dr-runbooks/readiness/check.ts";
import { expect } from "chai";

/** A judgement that takes one object: what holds, and what each change to it comes to. */
export function judge<Found extends object>(
  name: string,
  decide: (found: Found) => Verdict,
  good: Found,
  cases: readonly (readonly [what: string, change: Partial<Found>, told: RegExp | null])[],
): void {
  describe(name, () => {
    it("holds when all is as wanted", () => {
      expect(decide(good)).to.include({ outcome: "holds" });
    });
    for (const [what, change, told] of cases)
      it(`${told === null ? "holds" : "fails"} with ${what}`, () => {
        const { outcome, found } = decide({ ...good, ...change });
        expect(outcome).to.equal(told === null ? "holds" : "fails", found);
        if (told !== null) expect(found).to.match(told);
      });
  });
}
