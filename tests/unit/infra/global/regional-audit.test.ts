import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { RegionalAudit } from "../../../../infra/global/audit/regional-audit.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:castle-production-notices";

const auditOf = (stack: string): Promise<Recording> =>
  record(
    () => {
      const context = contextOf(stack);
      const provider = new aws.Provider("cell", { region: context.settings.region });
      new RegionalAudit("audit", { context, topicArn: TOPIC }, { provider });
    },
    // What a policy pack would see before anything exists.
    { stack, preview: true },
  );

describe("the audit of a region", () => {
  let home: Recording;
  let peer: Recording;
  before(async () => {
    home = await auditOf("prd");
    peer = await auditOf("dr");
  });

  it("hears every region from the home cell, and its own in the peer cell, each into its own bucket", () => {
    const told = (recording: Recording) => recording.one("aws:cloudtrail/trail:Trail").inputs;
    expect(told(home)).to.deep.include({ isMultiRegionTrail: true, includeGlobalServiceEvents: true });
    expect(told(peer)).to.deep.include({ isMultiRegionTrail: false, includeGlobalServiceEvents: false });
    for (const recording of [home, peer])
      expect(told(recording)).to.deep.include({ enableLogging: true, enableLogFileValidation: true });
    const bucket = (recording: Recording) =>
      recording.one("aws:s3/bucket:Bucket", "audit-trail-bucket").inputs["bucket"];
    expect(bucket(home)).to.equal("castle-production-trail-eu-west-1-111122223333");
    expect(bucket(peer)).to.equal("castle-production-trail-eu-central-1-111122223333");
  });

  it("locks the trail's files against everybody in production, and against accidents elsewhere", async () => {
    const rule = (recording: Recording) =>
      recording.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs["rule"];
    expect(rule(home)).to.deep.equal({ defaultRetention: { mode: "COMPLIANCE", days: 400 } });
    expect(rule(await auditOf("stg"))).to.deep.equal({ defaultRetention: { mode: "GOVERNANCE", days: 90 } });
  });

  it("delivers the configuration's history to a bucket without a lock, since AWS Config refuses one with it", () => {
    const { inputs } = home.one("aws:s3/bucket:Bucket", "audit-config-bucket");
    expect(inputs["objectLockEnabled"]).to.equal(false);
  });

  it("tells people of grave findings, GuardDuty's once and not again by Security Hub", () => {
    const patterns = home
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .map(({ inputs }) => JSON.parse(inputs["eventPattern"] as string));
    expect(patterns.map(({ source }) => source)).to.deep.equal([["aws.guardduty"], ["aws.securityhub"]]);
    expect(patterns[0].detail.severity).to.deep.equal([{ numeric: [">=", 7] }]);
    expect(patterns[1].detail.findings).to.deep.include({
      ProductName: [{ "anything-but": "GuardDuty" }],
      Severity: { Label: ["CRITICAL"] },
    });
    const targets = home.ofType("aws:cloudwatch/eventTarget:EventTarget");
    expect(targets.map(({ inputs }) => inputs["arn"])).to.deep.equal([TOPIC, TOPIC]);
    for (const { inputs } of targets) expect(inputs["roleArn"]).to.equal(undefined);
  });

  it("records IAM in one region, or every change of it would be told twice", () => {
    const all = (recording: Recording) => recording.one("aws:cfg/recorder:Recorder").inputs["recordingGroup"];
    expect(all(home)).to.deep.equal({ allSupported: true, includeGlobalResourceTypes: true });
    expect(all(peer)).to.deep.equal({ allSupported: true, includeGlobalResourceTypes: false });
  });

  it("keeps every bucket closed, versioned and encrypted with the region's own key", () => {
    for (const recording of [home, peer]) {
      const buckets = recording.ofType("aws:s3/bucket:Bucket");
      expect(buckets).to.have.lengthOf(2);
      for (const bucket of buckets) expect(bucket).to.deep.include({ protect: true });
      const closed = recording.ofType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
      expect(closed).to.have.lengthOf(2);
      for (const { inputs } of closed)
        expect(inputs).to.deep.include({
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      expect(recording.ofType("aws:s3/bucketVersioning:BucketVersioning")).to.have.lengthOf(2);
      const encryption = recording.ofType(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      );
      expect(encryption).to.have.lengthOf(2);
      for (const { inputs } of encryption)
        expect(JSON.stringify(inputs["rules"])).to.include('"sseAlgorithm":"aws:kms"');
    }
  });

  it("takes a bucket's objects from one service and one source, over TLS, and from nobody else", () => {
    for (const { inputs, name } of home.ofType("aws:s3/bucketPolicy:BucketPolicy")) {
      const { Statement } = JSON.parse(inputs["policy"] as string);
      for (const { Effect, Action, Resource, Condition, Sid } of Statement) {
        if (Effect === "Deny") {
          expect(Condition, name).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
          continue;
        }
        expect(JSON.stringify(Action), `${name} ${Sid}`).not.to.include("*");
        expect(Object.keys(Condition.StringEquals), `${name} ${Sid}`).to.satisfy((keys: string[]) =>
          keys.some((key) => key === "aws:SourceArn" || key === "aws:SourceAccount"),
        );
        expect(Resource[0], `${name} ${Sid}`).to.match(/^arn:aws:s3:::castle-production-/);
      }
    }
  });

  it("names the trail that may write before the trail exists", () => {
    const { inputs } = home.one("aws:s3/bucketPolicy:BucketPolicy", "audit-trail-policy");
    expect(inputs["policy"]).to.include(
      "arn:aws:cloudtrail:eu-west-1:111122223333:trail/castle-production-eu-west-1",
    );
    expect(home.one("aws:cloudtrail/trail:Trail").inputs["name"]).to.equal("castle-production-eu-west-1");
  });

  it("holds the region to Security Hub's standards of that region", () => {
    const arns = peer
      .ofType("aws:securityhub/standardsSubscription:StandardsSubscription")
      .map(({ inputs }) => inputs["standardsArn"]);
    expect(arns).to.have.lengthOf(2);
    for (const arn of arns) expect(arn).to.match(/^arn:aws:securityhub:eu-central-1::standards\//);
  });
});
