import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readSettings, SettingsInvalid } from "../../../../infra/settings/settings.ts";
import { ownConfig, stackConfig } from "../../../../infra/settings/stack-file.ts";

const configOf = (stack: string): Record<string, string> => ownConfig(stackConfig(stack));
const prd = (): Record<string, string> => configOf("prd");

describe("the settings of a stack", () => {
  for (const stack of ["prd", "dr", "stg", "qac", "dev"])
    it(`are valid in Pulumi.${stack}.yaml`, () => {
      expect(readSettings(stack, configOf(stack))).to.include({ stack });
    });

  it("tell every mistake at once, each with its key", () => {
    const raw = { ...prd(), account: "12", domain: "Not A Domain", release: "latest", colour: "red" };
    expect(mistakesOf(raw)).to.have.lengthOf(4);
    for (const key of ["account", "domain", "release", "colour"])
      expect(mistakesOf(raw).join("\n")).to.include(`castle:${key}`);
  });

  it("name a role of another account, and the account that is meant", () => {
    const operators = JSON.stringify(["arn:aws:iam::999999999999:role/operator"]);
    expect(mistakesOf({ ...prd(), operators })).to.deep.equal([
      "castle:operators: arn:aws:iam::999999999999:role/operator is of another account than castle:account (111122223333)",
    ]);
  });

  it("let the peer cell join what is shared, and the home cell make it", () => {
    const { shared: _, ...withoutShared } = configOf("dr");
    expect(() => readSettings("dr", withoutShared)).to.throw(SettingsInvalid, "castle:shared is missing");
    expect(() => readSettings("prd", { ...prd(), shared: configOf("dr")["shared"] ?? "" })).to.throw(
      SettingsInvalid,
      "castle:shared is for the peer cell",
    );
  });

  it("of both cells of production agree but for where they are", () => {
    const { stack: a, region: b, peer: c, shared: d, admin: e, ...home } = readSettings("prd", prd());
    const { stack: f, region: g, peer: h, shared: i, admin: j, ...peer } = readSettings("dr", configOf("dr"));
    expect(peer).to.deep.equal(home);
  });

  it("of no stack hold a secret", () => {
    for (const stack of ["prd", "dr", "stg", "qac", "dev"])
      expect(readFileSync(`Pulumi.${stack}.yaml`, "utf8")).not.to.match(/secure:|password|token/i);
  });
});

function mistakesOf(raw: Record<string, string>): readonly string[] {
  try {
    readSettings("prd", raw);
    return [];
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.mistakes;
    throw error;
  }
}
