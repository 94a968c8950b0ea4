import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { judgePair } from "@castle/policies/judge.ts";
import { type ResourceFacts, unknown } from "@castle/policies/judged/resource.ts";
import { databaseParametersAreTheSame } from "@castle/policies/parity/database-parameters-are-the-same.ts";
import { expect } from "chai";

const production = readSettings("prd", ownConfig(stackConfig("prd")));

const group = (parameters: unknown, name = "database"): ResourceFacts => ({
  type: "aws:rds/parameterGroup:ParameterGroup",
  name,
  urn: `urn:pulumi:example::castle::aws:rds/parameterGroup:ParameterGroup::${name}`,
  props: { parameters },
  protect: false,
  ignoreChanges: [],
  parent: null,
  dependencies: [],
  provider: null,
});

const judged = (home: ResourceFacts[], peer: ResourceFacts[]) =>
  judgePair(databaseParametersAreTheSame, home, peer, production);

describe("the comparison of the two cells", () => {
  it("minds no order of an object's properties", () => {
    const { violations } = judged(
      [group([{ name: "jit", value: "0" }])],
      [group([{ value: "0", name: "jit" }])],
    );
    expect(violations).to.deep.equal([]);
  });

  it("reports what one cell alone has, whichever it is", () => {
    const [only, other] = [group([], "a"), group([], "b")];
    const found = judged([only], [other]).violations.map(({ resource, found: said }) => [
      resource.name,
      said,
    ]);
    expect(found).to.deep.equal([
      ["a", "in the home cell alone"],
      ["b", "in the peer cell alone"],
    ]);
  });

  it("passes nothing over in which an unknown is hidden", () => {
    const { violations, unjudged } = judged(
      [group([{ name: "jit", value: unknown }])],
      [group([{ name: "jit", value: unknown }])],
    );
    expect(violations).to.deep.equal([]);
    expect(unjudged.map(({ property }) => property)).to.deep.equal(["parameters"]);
  });
});
