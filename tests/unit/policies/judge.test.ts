import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { expect } from "chai";
import { asPolicy } from "../../../policies/as-policy.ts";
import { exceptionFor } from "../../../policies/exceptions.ts";
import { judgeResources } from "../../../policies/judge.ts";
import { exampleFacts } from "../../../policies/judged/example.ts";
import { type ResourceFacts, unknown } from "../../../policies/judged/resource.ts";
import { auroraBelongsToAGlobalDatabase as rule } from "../../../policies/recovery/aurora-belongs-to-a-global-database.ts";

const platform = readSettings("prd", ownConfig(stackConfig("prd")));
const [failing] = exampleFacts(rule, "failing");
if (!failing) throw new Error("the rule has no failing example");
const notKnownYet: ResourceFacts = { ...failing, name: "other", props: { globalClusterIdentifier: unknown } };

describe("a judgement", () => {
  it("counts what it could not judge, and hides no violation behind it", () => {
    const { violations, unjudged, looked } = judgeResources(rule, [notKnownYet, failing], platform);
    expect(violations.map(({ resource }) => resource.name)).to.deep.equal([failing.name]);
    expect(unjudged.map(({ property }) => property)).to.deep.equal(["globalClusterIdentifier"]);
    expect(looked).to.equal(2);
  });

  it("takes the profile's level of enforcement to Pulumi", () => {
    const judging = { platform, exceptions: [], today: "2026-11-27" };
    expect(asPolicy(rule, judging)).to.include({
      name: rule.name,
      enforcementLevel: "mandatory",
      severity: "critical",
    });
  });
});

describe("an exception", () => {
  const exception = {
    rule: rule.name,
    resource: "cell-*",
    stacks: ["dev"],
    reason: "a trial",
    owner: "platform",
    until: "2026-12-31",
  };
  const asked = { rule, resource: "cell-database", stack: "dev", today: "2026-11-27" };

  it("covers its rule on its resources, in its stacks, to its last day", () => {
    expect(exceptionFor([exception], asked)).to.equal(exception);
    expect(exceptionFor([exception], { ...asked, today: "2026-12-31" })).to.equal(exception);
  });

  for (const [what, other] of Object.entries({
    "another resource": { resource: "cellar" },
    "another stack": { stack: "prd" },
    "a later day": { today: "2027-01-01" },
  }))
    it(`does not cover ${what}`, () => {
      expect(exceptionFor([exception], { ...asked, ...other })).to.equal(undefined);
    });
});
