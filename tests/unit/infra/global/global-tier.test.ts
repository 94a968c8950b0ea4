import * as aws from "@pulumi/aws";
import { expect } from "chai";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { GlobalTier } from "../../../../infra/global/global-tier.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

const ACCOUNT = "111122223333";

/** What ACM and SES tell, and the program goes on with. */
const outputs = {
  "aws:acm/certificate:Certificate": (inputs: Record<string, unknown>) => ({
    domainValidationOptions: [
      inputs["domainName"],
      ...(inputs["subjectAlternativeNames"] as readonly string[]),
    ].map((domainName) => ({
      domainName,
      resourceRecordName: `_proof.${domainName}`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "_of.acm-validations.aws",
    })),
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": () => ({
    dkimSigningAttributes: { tokens: ["one", "two", "three"] },
  }),
  "aws:globalaccelerator/accelerator:Accelerator": () => ({
    ipSets: [{ ipAddresses: ["192.0.2.1", "192.0.2.2"], ipFamily: "IPv4" }],
  }),
};

const build = (context: CellContext) => (): void => {
  const provider = (name: string, region: string) => new aws.Provider(name, { region });
  new GlobalTier(
    "global",
    {
      context,
      accelerator: provider("accelerator", "us-west-2"),
      witness: provider("witness", "eu-west-3"),
      front: provider("front", "us-east-1"),
      logsBucket: context.names.bucket("logs", context.settings.region),
    },
    { provider: provider("cell", "eu-west-1") },
  );
};

const recorded = (context = contextOf("prd"), preview = false): Promise<Recording> =>
  record(build(context), { outputs, preview });

describe("the global tier", () => {
  let tier: Recording;
  before(async () => {
    tier = await recorded();
  });

  it("leaves no resource to a default provider, and asks each service where its control plane stands", () => {
    const expected: Record<string, string> = {
      globalaccelerator: "accelerator",
      dynamodb: "witness",
      route53: "front",
      cloudfront: "front",
      acm: "front",
      wafv2: "front",
      cognito: "cell",
      sesv2: "cell",
    };
    const asked = tier.all.filter(({ type }) => type.startsWith("aws:"));
    expect(asked).to.have.length.above(40);
    for (const { type, name, provider } of asked) {
      expect(provider, `${type} ${name}`).to.be.a("string");
      const place = expected[type.split(/[:/]/)[1] ?? ""];
      if (place) expect(provider, `${type} ${name}`).to.include(`::${place}::`);
    }
  });

  it("has the names that begin with its own, once each", () => {
    const names = tier.all
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names)).to.have.lengthOf(names.length);
    for (const { type, name } of tier.all)
      if (!type.startsWith("pulumi:")) expect(name, type).to.match(/^global/);
  });

  it("protects what cannot be made again as it was", () => {
    for (const type of [
      "aws:globalaccelerator/accelerator:Accelerator",
      "aws:globalaccelerator/listener:Listener",
      "aws:dynamodb/table:Table",
      "aws:route53/zone:Zone",
      "aws:route53/keySigningKey:KeySigningKey",
      "aws:cognito/userPool:UserPool",
      "aws:cloudfront/distribution:Distribution",
      "aws:kms/key:Key",
    ])
      for (const resource of tier.ofType(type))
        expect(resource.protect, `${type} ${resource.name}`).to.equal(true);
    expect(tier.ofType("aws:kms/key:Key")).to.have.lengthOf(3);
  });

  it("writes no record of who is active", () => {
    expect(tier.ofType("aws:dynamodb/tableItem:TableItem")).to.deep.equal([]);
    expect(tier.all.some(({ type }) => /TableItem|BucketObject/.test(type))).to.equal(false);
  });

  it("can be previewed while nothing of it exists", async () => {
    const preview = await recorded(contextOf("prd"), true);
    expect(preview.all.length).to.be.above(60);
  });

  it("belongs to the home cell's stack, and to no profile that stands alone", async () => {
    expect(await refusal(contextOf("dr"))).to.match(/home cell's stack; dr is in eu-central-1/);
    expect(await refusal(contextOf("dev"))).to.match(/profile preview has no global tier/);
  });

  it("watches the regions in which no cell stands, where the stack keeps the account's audit", async () => {
    const providers = tier.ofType("aws:guardduty/detector:Detector").map(({ provider }) => provider);
    expect(providers.map((reference) => reference?.split("::").at(-2))).to.have.members(["witness", "front"]);
    const without = await recorded(contextOf("prd", (settings) => ({ ...settings, audit: false })));
    expect(without.ofType("aws:guardduty/detector:Detector")).to.deep.equal([]);
  });

  it("rotates every key that AWS rotates, and lets no other account use one", () => {
    for (const { name, inputs } of tier.ofType("aws:kms/key:Key")) {
      if (inputs["keyUsage"] !== "SIGN_VERIFY") expect(inputs["enableKeyRotation"], name).to.equal(true);
      expect(inputs["deletionWindowInDays"], name).to.equal(30);
      for (const { Principal, Condition, Sid } of JSON.parse(inputs["policy"] as string).Statement) {
        if (Sid === "AccountDecides") expect(Principal.AWS).to.equal(`arn:aws:iam::${ACCOUNT}:root`);
        else expect(Condition, `${name} ${Sid}`).to.be.an("object");
      }
    }
  });

  it("tells what is spent, of this environment alone", () => {
    const { inputs } = tier.one("aws:budgets/budget:Budget");
    expect(inputs["limitAmount"]).to.equal("25000");
    expect(inputs["costFilters"]).to.deep.equal([
      { name: "TagKeyValue", values: ["user:castle:environment$production"] },
    ]);
    expect(inputs["notifications"]).to.deep.include({
      notificationType: "FORECASTED",
      threshold: 100,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberEmailAddresses: ["sre@castle.example"],
    });
  });
});

async function refusal(context: CellContext): Promise<string> {
  try {
    await record(build(context), { outputs });
    return "no refusal";
  } catch (error) {
    return String(error);
  }
}
