import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, identifiers } from "./control-plane-under-test.ts";
import { type AnsweredCall, everyCall } from "./every-call.ts";
import { heldClusters } from "./held-clusters.ts";
import { HeldThings } from "./held-things.ts";

const run = promisify(execFile);

const cliNames: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };
/** ListCertificates is list-certificates. */
const kebab = (operation: string): string => operation.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();

/** A client with a model and a parser of its own: what it understands, AWS's clients at large understand. */
describe("the AWS CLI, where there is one, over the lab's control plane", () => {
  let aws: ControlPlaneUnderTest;
  let emptyHome: string;

  before(async function () {
    const present = await run("aws", ["--version"]).then(
      () => true,
      () => false,
    );
    if (!present) this.skip();
    emptyHome = await mkdtemp(join(tmpdir(), "castle-aws-cli-"));
    const buckets = evidenceBuckets(identifiers, { folder: join(emptyHome, "s3") });
    aws = await new ControlPlaneUnderTest({
      ...{ holdings: new HeldThings(), buckets, clusters: heldClusters() },
    }).start();
  });
  after(async () => {
    await aws?.stop();
    if (emptyHome) await rm(emptyHome, { recursive: true });
  });

  /** What none of the tests here is about, by the first listing of each: a service that is added comes by itself. */
  const others = (): readonly AnsweredCall[] => {
    const here = ["rds", "elasticache", "globalaccelerator", "ecr", "secretsmanager", "servicequotas", "s3"];
    return aws.conduct.served
      .filter(({ service }) => !here.includes(service))
      .map(({ service }) => {
        const call = everyCall("").find(
          (one) => one.service === service && /^(List|Describe)/.test(one.operation),
        );
        return call ?? expect.fail(`every-call.ts lists nothing of ${service}`);
      });
  };

  /** No configuration, profile or credential of the machine's takes part. */
  const cli = (region: string, ...args: string[]) =>
    run("aws", ["--endpoint-url", aws.url, "--region", region, "--output", "json", ...args], {
      env: {
        PATH: process.env["PATH"],
        HOME: emptyHome,
        AWS_CONFIG_FILE: join(emptyHome, "config"),
        AWS_SHARED_CREDENTIALS_FILE: join(emptyHome, "credentials"),
        AWS_ACCESS_KEY_ID: "lab",
        AWS_SECRET_ACCESS_KEY: "lab",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_MAX_ATTEMPTS: "1",
        AWS_PAGER: "",
      },
    });
  const answer = async (region: string, ...args: string[]): Promise<unknown> =>
    JSON.parse((await cli(region, ...args)).stdout);

  it("describes the global cluster", async () => {
    expect(await answer(peerRegion, "rds", "describe-global-clusters"))
      .to.have.nested.property("GlobalClusters[0].GlobalClusterMembers")
      .that.is.an("array")
      .with.deep.nested.property("[0].Readers", [identifiers.cell(peerRegion).clusterArn]);
  });

  it("fails the cache over", async () => {
    const { globalReplicationGroupId, cell } = identifiers;
    const answered = await answer(
      peerRegion,
      ...["elasticache", "failover-global-replication-group"],
      ...["--global-replication-group-id", globalReplicationGroupId],
      ...["--primary-region", peerRegion],
      ...["--primary-replication-group-id", cell(peerRegion).replicationGroupId],
    );
    expect(answered).to.have.nested.property("GlobalReplicationGroup.Status", "modifying");
    aws.cells.promotion.finish();
  });

  it("sets an endpoint's weight", async () => {
    const { endpointGroupArn, endpointId } = identifiers.cell(homeRegion);
    const answered = await answer(
      "us-west-2",
      ...["globalaccelerator", "update-endpoint-group", "--endpoint-group-arn", endpointGroupArn],
      ...["--endpoint-configurations", `EndpointId=${endpointId},Weight=0`],
    );
    expect(answered).to.have.nested.property("EndpointGroup.EndpointDescriptions[0].Weight", 0);
  });

  it("describes images, secrets and quotas, page by page", async () => {
    const engine = ["--repository-name", "castle/engine", "--page-size", "1"];
    const [images, secrets, quotas] = await Promise.all([
      answer(homeRegion, "ecr", "describe-images", ...engine),
      answer(peerRegion, "secretsmanager", "list-secrets", "--page-size", "1"),
      answer(
        peerRegion,
        "service-quotas",
        "list-service-quotas",
        "--service-code",
        "rds",
        "--page-size",
        "3",
      ),
    ]);
    expect(images).to.have.property("imageDetails").with.length(2);
    expect(images).to.have.nested.property("imageDetails[0].imageDigest", `sha256:${"a".repeat(64)}`);
    expect(secrets).to.have.property("SecretList").with.length(2);
    expect(secrets).to.have.nested.property("SecretList[1].Name", "castle/seal-key");
    expect(quotas).to.have.property("Quotas").with.length(4);
  });

  it("writes, lists, reads and fails to remove a locked object", async () => {
    const bucket = ["--bucket", identifiers.cell(peerRegion).evidenceBucket];
    const s3 = (operation: string, ...args: string[]) =>
      answer(peerRegion, "s3api", operation, ...bucket, ...args);
    const [sent, got] = [join(emptyHome, "sent"), join(emptyHome, "got")];
    await writeFile(sent, "a line\n");
    const key = ["--key", "runs/a b/+1.json"];
    const lock = [
      "--object-lock-mode",
      "COMPLIANCE",
      "--object-lock-retain-until-date",
      "2199-01-01T00:00:00Z",
    ];
    const put = await s3("put-object", ...key, "--body", sent, "--if-none-match", "*", ...lock);
    expect(put).to.have.property("VersionId").that.is.a("string");
    const refusal = (call: Promise<unknown>) =>
      call.then(
        () => "",
        (cause: { stderr: string }) => cause.stderr,
      );
    const { VersionId } = put as { VersionId: string };
    const [listed, , removed, again] = await Promise.all([
      s3("list-objects-v2", "--prefix", "runs/"),
      s3("get-object", ...key, got),
      refusal(s3("delete-object", ...key, "--version-id", VersionId)),
      refusal(s3("put-object", ...key, "--body", sent, "--if-none-match", "*")),
    ]);
    expect(listed).to.have.nested.property("Contents[0].Key", "runs/a b/+1.json");
    expect(await readFile(got, "utf8")).to.equal("a line\n");
    expect(removed).to.include("(AccessDenied) when calling the DeleteObject operation");
    expect(again).to.include("(PreconditionFailed)");
  });

  it("understands an answer of every other service, and goes through the pages of CloudWatch's alarms", async () => {
    const [alarms, ...told] = await Promise.all([
      answer(peerRegion, "cloudwatch", "describe-alarms", "--page-size", "1"),
      ...others().map(async ({ service, region, operation, input }) => {
        const command = [cliNames[service] ?? service, kebab(operation)];
        return [
          service,
          await answer(region, ...command, "--cli-input-json", JSON.stringify(input)),
        ] as const;
      }),
    ]);
    expect(alarms).to.have.property("MetricAlarms").with.length(2);
    const answered = new Map(told);
    expect(answered.get("monitoring"))
      .to.have.nested.property("Metrics[0].Namespace")
      .that.matches(/^AWS\//);
    expect(answered.get("sns")).to.have.property("Topics").with.length(2);
    expect(answered.get("acm")).to.have.nested.property("CertificateSummaryList[0].Status", "ISSUED");
    for (const [service, one] of answered) expect(one, service).to.be.an("object");
  });

  it("understands a refusal of every protocol", async () => {
    const refusedWith = (...args: string[]) =>
      cli(homeRegion, ...args).then(
        () => "",
        (cause: { stderr: string }) => cause.stderr,
      );
    const [repository, quota] = await Promise.all([
      refusedWith("ecr", "describe-images", "--repository-name", "castle/x"),
      refusedWith("service-quotas", "get-service-quota", "--service-code", "rds", "--quota-code", "L-0"),
    ]);
    expect(repository).to.include("(RepositoryNotFoundException) when calling the DescribeImages operation");
    expect(quota).to.include("(NoSuchResourceException) when calling the GetServiceQuota operation");
  });

  it("understands a refusal", async () => {
    const refusal = await cli(homeRegion, "rds", "describe-db-clusters", "--db-cluster-identifier", "x").then(
      () => "",
      (cause: { stderr: string }) => cause.stderr,
    );
    expect(refusal).to.include("(DBClusterNotFoundFault) when calling the DescribeDBClusters operation");
    expect(refusal).to.include("DBCluster x not found in eu-west-1");
  });
});
