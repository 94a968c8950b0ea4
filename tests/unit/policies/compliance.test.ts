import { holds } from "@castle/policies/compliance/compliance.ts";
import { badExceptions, withExceptions } from "@castle/policies/compliance/judge-exceptions.ts";
import { tellCompliance } from "@castle/policies/compliance/tell.ts";
import type { Exception } from "@castle/policies/exceptions.ts";
import { expect } from "chai";
import { clean, complianceOf, place, rule, violation } from "./compliance.ts";

const exception: Exception = {
  rule: rule.name,
  resource: "cell-*",
  stacks: ["prd"],
  reason: "it joins next month",
  owner: "platform",
  until: "2026-12-31",
};
const today = "2026-11-27";
const judged = { today, stacks: ["prd"], rules: [rule.name] };
const against = { ...clean, violations: [violation] };

describe("what a judgement comes to", () => {
  it("holds when nothing is against a rule", () => {
    expect(holds(complianceOf([clean]))).to.equal(true);
  });

  it("fails with a violation of a mandatory rule", () => {
    expect(holds(complianceOf([against]))).to.equal(false);
  });

  it("holds with advice", () => {
    const advice = { ...clean, violations: [{ ...violation, enforcement: "advisory" } as const] };
    expect(holds(complianceOf([advice]))).to.equal(true);
  });

  it("fails when a critical rule meets what is known only after deployment", () => {
    expect(holds(complianceOf([{ ...clean, unjudged: [place] }]))).to.equal(false);
  });

  it("counts what any other rule cannot judge, and holds", () => {
    const lesser = { ...clean, rule: { ...rule, severity: "high" } as const, unjudged: [place] };
    const compliance = complianceOf([lesser]);
    expect(holds(compliance)).to.equal(true);
    expect(tellCompliance(compliance).join("\n"))
      .to.contain("! cannot be judged before deployment")
      .and.contain("1 not to be judged before deployment");
  });

  it("does not fail by a critical rule where it is advice", () => {
    const asked = [{ stack: "prd", enforcement: "advisory", looked: 1 } as const];
    expect(holds(complianceOf([{ ...clean, asked, unjudged: [place] }]))).to.equal(true);
  });
});

describe("exceptions in a judgement", () => {
  it("accept a violation, and are told with their last day and owner", () => {
    const results = withExceptions([against], [exception], today);
    const compliance = complianceOf(results, { badExceptions: badExceptions(results, [exception], judged) });
    expect(holds(compliance)).to.equal(true);
    expect(tellCompliance(compliance).join("\n")).to.contain("accepted until 2026-12-31 by platform");
  });

  for (const [what, list, results] of [
    ["expired", [{ ...exception, until: "2026-11-26" }], [against]],
    ["unused", [exception], [clean]],
    ["of no rule", [{ ...exception, rule: "no-such-rule" }], [clean]],
  ] as const)
    it(`fail when they are ${what}`, () => {
      const covered = withExceptions(results, list, today);
      const bad = badExceptions(covered, list, judged);
      expect(bad.map((each) => each.what)).to.deep.equal([what]);
      expect(holds(complianceOf([clean], { badExceptions: bad }))).to.equal(false);
    });

  it("are not called unused where a stack of theirs, or their rule, was not asked about", () => {
    const elsewhere = { ...exception, stacks: ["prd", "dr"] };
    expect(badExceptions([clean], [elsewhere], judged)).to.deep.equal([]);
    expect(badExceptions([], [exception], judged)).to.deep.equal([]);
  });

  it("do not outlive their last day", () => {
    const [result] = withExceptions([against], [exception], "2027-01-01");
    expect(result?.violations[0]?.exception).to.equal(null);
  });
});

describe("what is told of a judgement", () => {
  it("names resource, property, found, wanted and remedy", () => {
    const told = tellCompliance(complianceOf([against])).join("\n");
    for (const part of [
      "critical: aurora-belongs-to-a-global-database",
      "prd cell-database (aws:rds/cluster:Cluster) globalClusterIdentifier: found none; wanted the platform's global database",
      `remedy: ${rule.remedy}`,
      "✗ 1 rule over 40 resources of prd; 1 violation",
    ])
      expect(told).to.contain(part);
  });

  it("tells the worst first, and not more of a rule than shows what is wrong", () => {
    const low = { ...against, rule: { ...rule, name: "a-low-rule", severity: "low" } as const };
    const many = { ...against, violations: Array.from({ length: 20 }, () => violation) };
    const told = tellCompliance(complianceOf([low, many]));
    expect(told.findIndex((line) => line.includes("✗ low: a-low-rule"))).to.be.greaterThan(
      told.findIndex((line) => line.includes("✗ critical:")),
    );
    expect(told.join("\n")).to.contain("and 12 more");
  });
});
