import { wireProperties } from "@castle/policies/analyzer/values.ts";
import { judgedProperties } from "@castle/policies/judged/graph-facts.ts";
import { unknown } from "@castle/policies/judged/resource.ts";
import { withUnknowns } from "@castle/policies/judged/unknowns.ts";
import { expect } from "chai";

const planned = {
  name: "castle",
  size: 3,
  tags: { stack: "prd" },
  password: { $secret: true },
  keys: [{ $unknown: true }, "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"],
  vpc: { $resource: "urn:pulumi:prd::castle::aws:ec2/vpc:Vpc::cell" },
  rules: [{ port: 443, group: { $unknown: true } }],
};
const judged = {
  name: "castle",
  size: 3,
  tags: { stack: "prd" },
  password: unknown,
  keys: [unknown, "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"],
  vpc: unknown,
  rules: [{ port: 443, group: unknown }],
};

describe("a planned resource, as rules look at it", () => {
  it("has unknown what only AWS tells, what is secret, and whatever is a reference", () => {
    expect(judgedProperties(planned)).to.deep.equal(judged);
  });

  it("comes out the same through the protocol", () => {
    expect(withUnknowns(wireProperties(judged))).to.deep.equal(judged);
  });

  it("leaves out of the protocol what a program leaves undefined", () => {
    expect(wireProperties({ set: null, left: undefined })).to.deep.equal({ set: null });
  });

  it("tells the protocol an asset from an archive", () => {
    const signature = "4dabf18193072939515e22adb298388d";
    const wire = wireProperties({ code: { $asset: { assets: { a: { $asset: { text: "x" } } } } } });
    expect(wire).to.deep.equal({
      code: {
        [signature]: "0def7320c3a5731c473e5ecbe6d01bc7",
        assets: { a: { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x" } },
      },
    });
  });
});
