import { readdirSync } from "node:fs";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { expect } from "chai";
import { judgeExample } from "../../../policies/judged/example.ts";
import { messageOf, partsOf } from "../../../policies/message.ts";
import { areas } from "../../../policies/rule.ts";
import { rules } from "../../../policies/rules.ts";

const platform = readSettings("prd", ownConfig(stackConfig("prd")));

describe("the rules", () => {
  for (const rule of rules)
    describe(rule.name, () => {
      it("lets its passing example pass, without an unknown", () => {
        const { violations, unjudged, looked } = judgeExample(rule, "passing", platform);
        expect({ violations, unjudged }).to.deep.equal({ violations: [], unjudged: [] });
        expect(looked).to.be.greaterThan(0);
      });

      it("reports its failing example in a line that can be read back", () => {
        const { violations } = judgeExample(rule, "failing", platform);
        expect(violations).not.to.be.empty;
        for (const finding of violations) {
          const { property, found, wanted } = finding;
          expect(partsOf(messageOf(rule, finding))).to.deep.equal({ property, found, wanted });
        }
      });
    });

  it("have names of their own, in kebab case", () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
  });

  it("are one a file, named after it in its area's folder, and none is left out of the pack", () => {
    const files = areas.flatMap((area) => filesIn(area).map((file) => `${area}/${file}`)).sort();
    expect(rules.map(({ area, name }) => `${area}/${name}.ts`).sort()).to.deep.equal(files);
  });

  it("each serve a control of some framework", () => {
    for (const { name, controls } of rules) expect(controls, name).not.to.be.empty;
  });
});

/** What rules of an area share lies in a folder of it. */
function filesIn(area: string): string[] {
  try {
    return readdirSync(`policies/${area}`, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
