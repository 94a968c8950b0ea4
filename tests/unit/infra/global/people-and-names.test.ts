import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { PlatformCertificate } from "../../../../infra/global/dns/certificate.ts";
import { DnsRecords } from "../../../../infra/global/dns/records.ts";
import { caaRecords, DnsZone } from "../../../../infra/global/dns/zone.ts";
import { edgeHosts } from "../../../../infra/global/hosts.ts";
import { Mail } from "../../../../infra/global/mail.ts";
import { Users } from "../../../../infra/global/users.ts";
import { contextOf } from "../support/cell-context.ts";
import { record } from "../support/recorded.ts";

const context = contextOf("prd");
const front = () => new aws.Provider("front", { region: "us-east-1" });

describe("the platform's names", () => {
  it("are in a signed zone, whose key Route 53 may sign with and nobody else is let in", async () => {
    const zone = await record(
      () => new DnsZone("dns", { context, front: front(), alarmTopicArn: "arn:topic" }),
    );
    const { inputs } = zone.one("aws:kms/key:Key");
    expect(inputs).to.deep.include({ customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" });
    const services = JSON.parse(inputs["policy"] as string).Statement.flatMap(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service ?? [],
    );
    expect(new Set(services)).to.deep.equal(new Set(["dnssec-route53.amazonaws.com"]));
    expect(zone.one("aws:route53/hostedZoneDnsSec:HostedZoneDnsSec").inputs["signingStatus"]).to.equal(
      "SIGNING",
    );
    expect(zone.one("aws:route53/keySigningKey:KeySigningKey").inputs["name"]).to.match(/^\w{3,128}$/);
  });

  it("tell people before a zone that cannot be signed any more stops being believed", async () => {
    const zone = await record(
      () => new DnsZone("dns", { context, front: front(), alarmTopicArn: "arn:topic" }),
    );
    const alarms = zone.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => inputs["metricName"])).to.have.members([
      "DNSSECInternalFailure",
      "DNSSECKeySigningKeysNeedingAction",
    ]);
    for (const { inputs } of alarms) expect(inputs["alarmActions"]).to.deep.equal(["arn:topic"]);
  });

  it("get certificates from Amazon alone, and none for all names at once", () => {
    expect(caaRecords.filter((issuer) => issuer.startsWith("0 issue "))).to.have.lengthOf(4);
    expect(caaRecords).to.include('0 issuewild ";"');
  });

  it("are proved to ACM once, for both cells and for CloudFront", async () => {
    const outputs = {
      "aws:acm/certificate:Certificate": (inputs: Record<string, unknown>) => ({
        domainValidationOptions: [
          inputs["domainName"] as string,
          ...(inputs["subjectAlternativeNames"] as readonly string[]),
        ].map((domainName) => ({
          domainName,
          resourceRecordName: `_proof.${domainName}`,
          resourceRecordValue: "_of.acm-validations.aws",
        })),
      }),
    };
    const tls = await record(
      () => new PlatformCertificate("tls", { context, front: front(), zoneId: "Z1" }),
      {
        outputs,
      },
    );
    const proved = tls.ofType("aws:route53/record:Record").map(({ inputs }) => inputs["name"]);
    for (const host of ["castle.example", "portal.castle.example", ...edgeHosts("castle.example")])
      expect(proved).to.include(`_proof.${host}`);
  });

  it("lead to the accelerator or to CloudFront, whichever cell is active, and are never taken away", async () => {
    const records = await record(
      () =>
        new DnsRecords("names", {
          ...{ context, front: front(), zoneId: "Z1" },
          edge: { dnsName: "accelerator.example", hostedZoneId: "Z2BJ6XQ5FK7U4H" },
          frontend: { dnsName: "cloudfront.example", hostedZoneId: "Z2FDTNDATAQYW2" },
        }),
    );
    const found = records.ofType("aws:route53/record:Record").map(({ inputs }) => {
      const [alias] = inputs["aliases"] as readonly { name: string; evaluateTargetHealth: boolean }[];
      expect(alias?.evaluateTargetHealth).to.equal(false);
      return `${inputs["name"]} ${inputs["type"]} ${alias?.name}`;
    });
    expect(found).to.have.members([
      "api.castle.example A accelerator.example",
      "stream.castle.example A accelerator.example",
      "castle.example A cloudfront.example",
      "castle.example AAAA cloudfront.example",
      "portal.castle.example A cloudfront.example",
      "portal.castle.example AAAA cloudfront.example",
    ]);
  });
});

describe("the platform's mail", () => {
  it("is signed, sent over TLS alone, and refused by receivers when somebody else sends it", async () => {
    const mail = await record(() => new Mail("mail", { context, front: front(), zoneId: "Z1" }), {
      outputs: {
        "aws:sesv2/emailIdentity:EmailIdentity": () => ({
          dkimSigningAttributes: { tokens: ["one", "two", "three"] },
        }),
      },
    });
    expect(mail.one("aws:sesv2/configurationSet:ConfigurationSet").inputs["deliveryOptions"]).to.deep.equal({
      tlsPolicy: "REQUIRE",
    });
    const records = mail
      .ofType("aws:route53/record:Record")
      .map(({ inputs }) => `${inputs["name"]} ${(inputs["records"] as readonly string[])[0]}`);
    expect(records).to.include.members([
      "one._domainkey.castle.example one.dkim.amazonses.com",
      "three._domainkey.castle.example three.dkim.amazonses.com",
      "mail.castle.example 10 feedback-smtp.eu-west-1.amazonses.com",
      "castle.example v=spf1 -all",
    ]);
    expect(records.find((line) => line.startsWith("_dmarc"))).to.include("p=reject");
  });
});

describe("the people who use the portal", () => {
  const users = () =>
    record(() => {
      const provider = new aws.Provider("cell", { region: "eu-west-1" });
      const mail = { identityArn: "arn:identity", configurationSet: "castle-production" };
      new Users("users", { context, mail }, { provider });
    });

  it("need a second factor that is no text message, and a long password", async () => {
    const { inputs } = (await users()).one("aws:cognito/userPool:UserPool");
    expect(inputs).to.deep.include({
      mfaConfiguration: "ON",
      softwareTokenMfaConfiguration: { enabled: true },
      deletionProtection: "ACTIVE",
      userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
      userPoolTier: "PLUS",
    });
    expect(inputs["smsConfiguration"]).to.equal(undefined);
    expect((inputs["passwordPolicy"] as { minimumLength: number }).minimumLength).to.be.at.least(14);
    expect(inputs["adminCreateUserConfig"]).to.deep.equal({ allowAdminCreateUserOnly: true });
  });

  it("sign in through a client that has no secret, keeps no token long, and tells nobody who has an account", async () => {
    const { inputs } = (await users()).one("aws:cognito/userPoolClient:UserPoolClient");
    expect(inputs).to.deep.include({
      generateSecret: false,
      allowedOauthFlows: ["code"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: 15,
    });
    expect(inputs["callbackUrls"]).to.deep.equal(["https://portal.castle.example/signed-in"]);
    expect(inputs["allowedOauthScopes"]).to.include.members(["castle/read", "castle/trade"]);
  });
});
