import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListCertificatesCommand } from "@aws-sdk/client-acm";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { DescribeGlobalReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { DescribeAcceleratorCommand } from "@aws-sdk/client-global-accelerator";
import { DescribeGlobalClustersCommand, FailoverGlobalClusterCommand } from "@aws-sdk/client-rds";
import { GetBucketVersioningCommand } from "@aws-sdk/client-s3";
import { ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { HeldTime } from "./held-time.ts";

const failover = new FailoverGlobalClusterCommand({
  GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
  TargetDbClusterIdentifier: identifiers.cell(peerRegion).clusterArn,
  AllowDataLoss: true,
});
const ofFailovers = { service: "rds", operation: "FailoverGlobalCluster" };
const { acceleratorArn: AcceleratorArn } = identifiers;

describe("a lab's AWS in trouble", () => {
  let aws: ControlPlaneUnderTest;
  let time: HeldTime;
  const folder = mkdtempSync(join(tmpdir(), "castle-trouble-"));
  const buckets = evidenceBuckets(identifiers, { folder });
  const Bucket = identifiers.cell(peerRegion).evidenceBucket;
  beforeEach(async () => {
    time = new HeldTime();
    aws = await new ControlPlaneUnderTest({ wait: time.wait, buckets }).start();
  });
  afterEach(() => aws.stop());
  after(() => rmSync(folder, { recursive: true }));

  const calls = {
    rds: (own = {}) => aws.rds(peerRegion, own).send(new DescribeGlobalClustersCommand({})),
    elasticache: () => aws.elastiCache(peerRegion).send(new DescribeGlobalReplicationGroupsCommand({})),
    globalaccelerator: () => aws.accelerator().send(new DescribeAcceleratorCommand({ AcceleratorArn })),
    ecr: () => aws.ecr(peerRegion).send(new DescribeRepositoriesCommand({})),
    secretsmanager: () => aws.secrets(peerRegion).send(new ListSecretsCommand({})),
    s3: () => aws.s3(peerRegion).send(new GetBucketVersioningCommand({ Bucket })),
    servicequotas: () => aws.quotas(peerRegion).send(new ListServiceQuotasCommand({ ServiceCode: "rds" })),
    monitoring: () => aws.cloudWatch(peerRegion).send(new ListMetricsCommand({})),
    sns: () => aws.sns(peerRegion).send(new ListTopicsCommand({})),
    acm: () => aws.acm(peerRegion).send(new ListCertificatesCommand({})),
  };

  for (const [service, throttling, status, failing] of [
    ["rds", "Throttling", 400, "InternalFailure"],
    ["elasticache", "Throttling", 400, "InternalFailure"],
    ["globalaccelerator", "ThrottlingException", 400, "InternalServiceErrorException"],
    ["ecr", "ThrottlingException", 400, "ServerException"],
    ["secretsmanager", "ThrottlingException", 400, "InternalServiceError"],
    ["servicequotas", "TooManyRequestsException", 429, "ServiceException"],
    ["monitoring", "Throttling", 400, "InternalServiceFault"],
    ["sns", "ThrottledException", 429, "InternalErrorException"],
    ["acm", "ThrottlingException", 400, "InternalServerException"],
    ["s3", "SlowDown", 503, "InternalError"],
  ] as const) {
    it(`refuses a throttled call of ${service} with ${throttling} and ${status}, once as told`, async () => {
      aws.conduct.trouble({ service }, { is: "throttled" }, { calls: 1 });
      expect(await faultOf(calls[service]())).to.include({ name: throttling, status });
      await calls[service]();
    });

    it(`fails a call of ${service} by itself with ${failing} and 500`, async () => {
      aws.conduct.trouble({ service }, { is: "internal-error" }, { calls: 1 });
      expect(await faultOf(calls[service]())).to.include({ name: failing, status: 500 });
      await calls[service]();
    });
  }

  it("does nothing of what it refuses", async () => {
    for (const is of ["throttled", "internal-error"] as const) {
      aws.conduct.trouble(ofFailovers, { is }, { calls: 1 });
      await faultOf(aws.rds(peerRegion).send(failover));
    }
    expect(aws.cells.askedEver).to.equal(0);
  });

  it("is one that the SDK's own retry knows as throttling, and gets through", async () => {
    const begun = aws.conduct.trouble({ service: "rds" }, { is: "throttled" }, { calls: 1 });
    const { $metadata } = await calls.rds({ maxAttempts: 2 });
    expect($metadata.attempts).to.equal(2);
    expect(begun.met).to.equal(1);
  });

  it("carries out a call whose answer it loses, and cuts the connection", async () => {
    aws.conduct.trouble(ofFailovers, { is: "lost-answer" }, { calls: 1 });
    const fault = await faultOf(aws.rds(peerRegion).send(failover));
    expect(fault).to.include({ code: "ECONNRESET", status: undefined });
    expect(aws.cells.promotion).to.include({ what: "failoverDatabase", to: peerRegion });
    expect(aws.callsOf("FailoverGlobalCluster")).to.have.length(1);
    expect(aws.callsOf("FailoverGlobalCluster")[0]).to.include({ status: null, trouble: "lost-answer" });
  });

  it("refuses a caller who asks blindly again, while what it asked for is under way and after", async () => {
    aws.conduct.trouble(ofFailovers, { is: "lost-answer" }, { calls: 1 });
    await faultOf(aws.rds(peerRegion).send(failover));
    const blindly = () => faultOf(aws.rds(peerRegion).send(failover));
    expect(await blindly()).to.include({ name: "InvalidGlobalClusterStateFault" });
    aws.cells.promotion.finish();
    expect(await blindly()).to.include({ name: "InvalidGlobalClusterStateFault" });
    expect(aws.cells.askedEver).to.equal(1);
  });

  it("loses a refusal as well", async () => {
    aws.conduct.trouble(ofFailovers, { is: "lost-answer" }, { calls: 1 });
    expect(await faultOf(aws.rds(homeRegion).send(failover))).to.include({ code: "ECONNRESET" });
    expect(aws.cells.askedEver).to.equal(0);
  });

  it("answers a slow call as ever, when its time has come", async () => {
    aws.conduct.trouble({ service: "rds" }, { is: "slow", ms: 1_234 }, { calls: 1 });
    let answered = false;
    const slow = calls.rds().then(() => {
      answered = true;
    });
    await calls.rds(); // another one is not held up
    expect(time.waitedFor).to.deep.equal([1_234]);
    expect(answered).to.equal(false);
    time.pass();
    await slow;
  });

  it("troubles the region and the operation that were named, and no other", async () => {
    aws.conduct.trouble({ ...ofFailovers, region: homeRegion }, { is: "throttled" }, { share: 1, seed: 1 });
    await calls.rds();
    await aws.rds(peerRegion).send(failover);
    aws.cells.promotion.finish();
    expect(await faultOf(aws.rds(homeRegion).send(failover))).to.include({ name: "Throttling" });
  });

  it("is still a lost region when the region is lost: nothing is said, and the trouble is kept for later", async () => {
    const begun = aws.conduct.trouble({ service: "rds" }, { is: "throttled" }, { calls: 1 });
    aws.cells.endpoints.set(peerRegion, "refuses");
    expect(await faultOf(calls.rds())).to.include({ code: "ECONNRESET" });
    expect(begun.met).to.equal(0);
  });
});
