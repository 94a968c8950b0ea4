import { sarifOf } from "@castle/policies/compliance/sarif.ts";
import { expect } from "chai";
import { clean, complianceOf, place, rule, violation } from "./compliance.ts";

interface Log {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Descriptor[] } };
      readonly results: readonly Result[];
    },
  ];
}
interface Descriptor {
  readonly id: string;
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: { readonly tags: readonly string[] };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly justification: string }[];
}

const exception = {
  ...{ rule: rule.name, resource: "*", stacks: ["prd"], until: "2026-12-31" },
  ...{ reason: "it joins next month", owner: "platform" },
};
const lesser = { ...rule, name: "a-lesser-rule", severity: "medium" } as const;
const log = JSON.parse(
  sarifOf(
    complianceOf([
      {
        ...clean,
        violations: [violation, { ...violation, exception }, { ...violation, enforcement: "advisory" }],
        unjudged: [place],
      },
      { ...clean, rule: lesser, unjudged: [place] },
    ]),
  ),
) as Log;
const [run] = log.runs;
const { rules } = run.tool.driver;

describe("a judgement as SARIF 2.1.0", () => {
  it("says its version and its tool", () => {
    expect(log.version).to.equal("2.1.0");
    expect(run.tool.driver.name).to.equal("castle-compliance");
  });

  it("has every result of a rule that it describes, by name and by place", () => {
    expect(run.results).to.have.length(5);
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).to.equal(ruleId);
  });

  it("gives a level to what fails, and none to what is open", () => {
    expect(run.results.map(({ kind, level }) => `${kind} ${level}`)).to.deep.equal([
      "fail error",
      "fail error",
      "fail note",
      "fail error",
      "open none",
    ]);
  });

  it("names the stack's file, the resource, and the same fingerprint in every run", () => {
    for (const { locations, message, partialFingerprints } of run.results) {
      expect(message.text).to.contain("cell-database globalClusterIdentifier");
      const [location] = locations;
      expect(location?.physicalLocation.artifactLocation.uri).to.equal("Pulumi.prd.yaml");
      expect(location?.logicalLocations[0]?.fullyQualifiedName).to.equal(place.urn);
      expect(Object.values(partialFingerprints).join()).to.contain(place.urn);
    }
  });

  it("suppresses what is excepted, with its reason and owner", () => {
    expect(run.results.flatMap(({ suppressions = [] }) => suppressions)).to.deep.equal([
      {
        kind: "external",
        status: "accepted",
        justification: "it joins next month (platform, until 2026-12-31)",
      },
    ]);
  });

  it("tags rules with the controls they serve", () => {
    expect(rules[0]?.properties.tags).to.include("dora/Art. 12(1)");
  });
});
