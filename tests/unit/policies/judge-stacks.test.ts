import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import type { RuleResult } from "@castle/policies/compliance/compliance.ts";
import { judgeCells, type Subject, together } from "@castle/policies/compliance/judge-stacks.ts";
import { evidenceOf, verdictOf } from "@castle/policies/compliance/verdict.ts";
import { exampleFacts } from "@castle/policies/judged/example.ts";
import { auroraBelongsToAGlobalDatabase } from "@castle/policies/recovery/aurora-belongs-to-a-global-database.ts";
import type { PairRule } from "@castle/policies/rule.ts";
import { expect } from "chai";
import { clean, place, rule, violation } from "./compliance.ts";

const subject = (stack: string): Subject => ({
  settings: readSettings(stack, ownConfig(stackConfig(stack))),
  resources: exampleFacts(auroraBelongsToAGlobalDatabase, "failing").map((facts) => ({
    ...facts,
    urn: facts.urn.replace(":example::", `:${stack}::`),
  })),
});
const pairRule: PairRule = {
  ...auroraBelongsToAGlobalDatabase,
  about: "pair",
  name: "the-peer-is-never-right",
  judge: (_, peer) =>
    peer.resources.map((resource) => ({ resource, property: "engine", found: "one", wanted: "another" })),
  examples: { passing: { home: [], peer: [] }, failing: { home: [], peer: [] } },
};

describe("both cells judged together", () => {
  it("tell a violation of the stack that it is in", () => {
    const [result] = judgeCells(subject("prd"), subject("dr"), [pairRule]);
    expect(result?.violations.map(({ stack, enforcement }) => [stack, enforcement])).to.deep.equal([
      ["dr", "mandatory"],
    ]);
    expect(result?.asked.map(({ stack }) => stack)).to.deep.equal(["prd", "dr"]);
  });

  it("are not asked by a rule that is off in their profile", () => {
    const off = { production: "disabled", nonproduction: "disabled", preview: "disabled" } as const;
    const [result] = judgeCells(subject("prd"), subject("dr"), [{ ...pairRule, enforcement: off }]);
    expect(result?.violations).to.deep.equal([]);
    expect(result && verdictOf(result)).to.equal("not-asked");
  });
});

describe("what a rule came to", () => {
  it("is one result, of all the stacks", () => {
    const against: RuleResult = { ...clean, asked: [{ stack: "dr", enforcement: "mandatory", looked: 2 }] };
    const [result, ...others] = together([{ ...clean, violations: [violation] }, against]);
    expect(others).to.deep.equal([]);
    expect(result?.violations).to.deep.equal([violation]);
    expect(result && evidenceOf(result)).to.equal("1 in prd, 2 in dr");
  });

  const lesser = { ...rule, severity: "low" } as const;
  for (const [verdict, result] of [
    ["holds", clean],
    ["nothing", { ...clean, asked: [{ stack: "prd", enforcement: "mandatory", looked: 0 }] }],
    ["fails", { ...clean, violations: [violation] }],
    ["fails", { ...clean, unjudged: [place] }],
    ["unjudged", { ...clean, rule: lesser, unjudged: [place] }],
    ["advice", { ...clean, violations: [{ ...violation, enforcement: "advisory" }] }],
    ["not-asked", { ...clean, asked: [] }],
  ] as const)
    it(`is told as ${verdict}, never as better`, () => {
      expect(verdictOf(result as RuleResult)).to.equal(verdict);
    });
});
