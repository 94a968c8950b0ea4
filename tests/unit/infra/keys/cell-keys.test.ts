import { expect } from "chai";
import { CellKeys } from "../../../../infra/cell/keys/cell-keys.ts";
import { keyIn } from "../../../../infra/cell/keys/key-in.ts";
import { keyPolicy } from "../../../../infra/cell/keys/key-policy.ts";
import type { Statement } from "../../../../infra/policy-document.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests } from "../support/made-up.ts";
import { record } from "../support/recorded.ts";

const KEY = "aws:kms/key:Key";
const REPLICA = "aws:kms/replicaKey:ReplicaKey";
const build = (stack: string) => record(() => new CellKeys("cell", { context: contextOf(stack) }));

describe("a cell's key", () => {
  it("is a multi-Region key of the home cell, turned every year, deleted by nobody at once", async () => {
    const key = (await build("prd")).one(KEY);
    expect(key.protect).to.equal(true);
    expect(key.inputs).to.include({
      multiRegion: true,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 30,
    });
  });

  it("is a replica in the peer cell, of the key that the home cell's stack told", async () => {
    const recording = await build("dr");
    expect(recording.ofType(KEY)).to.deep.equal([]);
    const replica = recording.one(REPLICA);
    expect(replica.protect).to.equal(true);
    expect(replica.inputs["primaryKeyArn"]).to.equal(contextOf("dr").settings.shared?.primaryKeyArn);
  });

  it("can get a replica later, whatever the profile", async () => {
    expect((await build("stg")).one(KEY).inputs["multiRegion"]).to.equal(true);
  });

  it("is left unprotected in a preview, which is torn down", async () => {
    expect((await build("dev")).one(KEY).protect).to.equal(false);
  });

  it("has the same alias in both regions", async () => {
    for (const stack of ["prd", "dr"])
      expect((await build(stack)).one("aws:kms/alias:Alias").inputs["name"]).to.equal(
        "alias/castle-production",
      );
  });
});

describe("a key's policy", () => {
  const policy = (region: "eu-west-1" | "eu-central-1" = "eu-west-1"): Statement[] =>
    JSON.parse(keyPolicy("111122223333", region)).Statement;

  it("leaves the key to the account's IAM, and to nobody of another account", () => {
    expect(policy()[0]).to.deep.include({
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: ["kms:*"],
    });
    const text = keyPolicy("111122223333", "eu-west-1");
    expect(text).not.to.match(/"Principal":"\*"|"AWS":"\*"/);
    for (const [, account] of text.matchAll(/(\d{12})/g)) expect(account).to.equal("111122223333");
  });

  it("lets each service act for this account alone", () => {
    for (const statement of policy().slice(1)) {
      const { Principal, Condition = {} } = statement;
      if (typeof Principal === "object" && "Service" in Principal)
        expect(JSON.stringify(Condition), statement.Sid).to.include("111122223333");
    }
  });

  it("gives everything to nobody but the account", () => {
    for (const { Action, Sid } of policy().slice(1)) expect(Action, Sid).not.to.include("kms:*");
  });

  it("lets log groups of its own region use it, and of no other", () => {
    expect(JSON.stringify(policy("eu-central-1")))
      .to.include("logs.eu-central-1.amazonaws.com")
      .and.not.include("eu-west-1");
  });

  it("hands out grants to AWS's own resources alone", () => {
    const granting = policy().filter(
      ({ Action, Sid }) => Sid !== "TheAccountDecidesByIam" && Action.includes("kms:CreateGrant"),
    );
    expect(granting).to.have.lengthOf(1);
    expect(granting[0]?.Condition).to.deep.equal({ Bool: { "kms:GrantIsForAWSResource": "true" } });
  });
});

describe("a key in the other region", () => {
  it("has the same id", () => {
    expect(keyIn("eu-central-1", keyOfTests.keyArn)).to.equal(
      keyOfTests.keyArn.replace("eu-west-1", "eu-central-1"),
    );
  });

  it("is none, of a key of one region", () => {
    expect(() => keyIn("eu-central-1", "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d")).to.throw(
      "is of no multi-Region key",
    );
  });
});
