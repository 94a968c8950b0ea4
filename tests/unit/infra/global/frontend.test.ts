import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { Frontend } from "../../../../infra/global/frontend.ts";
import { edgeHosts, frontHosts, hostsOf } from "../../../../infra/global/hosts.ts";
import { FAILS_OVER_ON, originsOf } from "../../../../infra/global/origins.ts";
import { contentSecurityPolicy } from "../../../../infra/global/security-headers.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

const frontendOf = (stack: string): Promise<Recording> =>
  record(() => {
    const front = new aws.Provider("front", { region: "us-east-1" });
    new Frontend("front", {
      ...{ context: contextOf(stack), front, certificateArn: "arn:certificate", keyArn: "arn:key" },
      ...{ logsBucket: "logs", signInHost: "castle.auth.example" },
    });
  });

const distribution = (recording: Recording) =>
  recording.one("aws:cloudfront/distribution:Distribution").inputs as {
    readonly origins: readonly { originId: string; domainName: string; originAccessControlId: string }[];
    readonly originGroups: readonly {
      originId: string;
      failoverCriteria: { statusCodes: readonly number[] };
      members: readonly { originId: string }[];
    }[];
    readonly defaultCacheBehavior: { targetOriginId: string; viewerProtocolPolicy: string };
    readonly viewerCertificate: Record<string, unknown>;
    readonly aliases: readonly string[];
    readonly webAclId: string;
  };

describe("the portal's distribution", () => {
  let both: Recording;
  before(async () => {
    both = await frontendOf("prd");
  });

  it("asks the peer's bucket when the home region's fails, by names that are known", () => {
    const { origins, originGroups, defaultCacheBehavior } = distribution(both);
    expect(origins.map(({ domainName }) => domainName)).to.deep.equal([
      "castle-production-frontend-eu-west-1-111122223333.s3.eu-west-1.amazonaws.com",
      "castle-production-frontend-eu-central-1-111122223333.s3.eu-central-1.amazonaws.com",
    ]);
    const [group] = originGroups;
    expect(group?.members.map(({ originId }) => originId)).to.deep.equal(["home", "peer"]);
    expect(group?.originId).to.equal(defaultCacheBehavior.targetOriginId);
  });

  it("fails over on what a lost region answers, and not on a page that does not exist", () => {
    expect(distribution(both).originGroups[0]?.failoverCriteria.statusCodes).to.deep.equal(FAILS_OVER_ON);
    for (const missing of [403, 404]) expect(FAILS_OVER_ON).not.to.include(missing);
  });

  it("has one origin and no group while the cell stands alone", async () => {
    const alone = distribution(await frontendOf("stg"));
    expect(alone.origins).to.have.lengthOf(1);
    expect(alone.originGroups ?? []).to.deep.equal([]);
    expect(alone.defaultCacheBehavior.targetOriginId).to.equal("home");
    expect(originsOf(contextOf("stg"))).to.have.lengthOf(1);
  });

  it("reads the buckets as itself, speaks TLS 1.2 and newer, and stands behind the firewall", () => {
    const { origins, viewerCertificate, defaultCacheBehavior, webAclId } = distribution(both);
    for (const { originAccessControlId } of origins)
      expect(originAccessControlId).to.equal("front-access-id");
    expect(viewerCertificate["minimumProtocolVersion"]).to.equal("TLSv1.2_2021");
    expect(defaultCacheBehavior.viewerProtocolPolicy).to.equal("redirect-to-https");
    expect(webAclId).to.include("firewall");
    expect(both.one("aws:cloudfront/originAccessControl:OriginAccessControl").inputs).to.deep.include({
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
  });

  it("keeps its access logs under their prefix in the bucket of logs, and the firewall's encrypted, without sessions", () => {
    const { inputs } = both.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination");
    expect(inputs["deliveryDestinationConfiguration"]).to.deep.equal({
      destinationResourceArn: "arn:aws:s3:::logs/frontend",
    });
    const log = both.one("aws:cloudwatch/logGroup:LogGroup").inputs;
    expect(log).to.deep.include({ kmsKeyId: "arn:key", retentionInDays: 400 });
    expect(log["name"]).to.match(/^aws-waf-logs-/);
    const logging = both.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs;
    expect(JSON.stringify(logging["redactedFields"])).to.include("authorization").and.to.include("cookie");
  });

  it("counts one address's requests before it looks at what they are", () => {
    const { inputs } = both.one("aws:wafv2/webAcl:WebAcl");
    expect(inputs["scope"]).to.equal("CLOUDFRONT");
    const rules = inputs["rules"] as readonly { name: string; priority: number; action?: unknown }[];
    expect(rules.map(({ priority }) => priority)).to.deep.equal([0, 1, 2, 3]);
    expect(rules[0]).to.deep.include({ name: "one-address-at-a-time", action: { block: {} } });
  });

  it("lets a page talk to the API, the streams and the sign-in, and to nobody else", () => {
    const policy = contentSecurityPolicy("castle.example", "castle.auth.example");
    expect(policy).to.include(
      "connect-src 'self' https://api.castle.example wss://stream.castle.example:9443 https://castle.auth.example;",
    );
    for (const forbidden of ["unsafe-inline", "unsafe-eval", "*"]) expect(policy).not.to.include(forbidden);
    for (const closed of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy).to.include(closed);
  });

  it("has every name of the platform together with the edge, and none twice", () => {
    const all = [...edgeHosts("castle.example"), ...frontHosts("castle.example")];
    expect(all).to.have.members(Object.values(hostsOf("castle.example")));
  });
});
