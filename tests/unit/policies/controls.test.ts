import { matrices } from "@castle/policies/compliance/matrix.ts";
import { controls, entryOf } from "@castle/policies/controls/catalogue.ts";
import { control } from "@castle/policies/frameworks.ts";
import { rules } from "@castle/policies/rules.ts";
import { expect } from "chai";

describe("the catalogue of controls", () => {
  it("has every control that a rule says it serves", () => {
    const unknown = rules.flatMap(({ name, controls: served }) =>
      served
        .filter((each) => entryOf(each) === null)
        .map(({ framework, number }) => `${name}: ${framework} ${number}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("has each control once", () => {
    for (const [framework, entries] of Object.entries(controls)) {
      const numbers = entries.map(({ number }) => number);
      expect(new Set(numbers).size, framework).to.equal(numbers.length);
    }
  });

  it("finds a paragraph in its article, and no number in another that begins alike", () => {
    expect(entryOf(control("dora", "Art. 12(1)"))?.number).to.equal("Art. 12");
    expect(entryOf(control("nist", "PR.DS-01"))?.number).to.equal("PR.DS");
    expect(entryOf(control("pci", "1.3.1"))?.number).to.equal("1.3");
    expect(entryOf(control("cis-aws", "4.16"))?.number).to.equal("4.16");
    expect(entryOf(control("iso27001", "A.8.140"))).to.equal(null);
  });

  it("comes out whole: covered or not, no control is left out", () => {
    for (const { framework, covered, notCovered } of matrices(rules))
      expect(covered.length + notCovered.length, framework).to.equal(controls[framework].length);
  });
});
