import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListCertificatesCommand } from "@aws-sdk/client-acm";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { DescribeGlobalReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { DescribeEndpointGroupCommand } from "@aws-sdk/client-global-accelerator";
import { DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { type AwsClients, awsClients } from "@castle/dr-runbooks/clients.ts";
import { targetSchema } from "@castle/dr-runbooks/target.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { expect } from "chai";
import { labTarget } from "./target-of-tests.ts";

/** Takes every request, keeps who signed it, and answers none well. */
class Listener {
  readonly signatures: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.signatures.push(request.headers.authorization ?? "unsigned");
    request.resume();
    response.writeHead(400).end();
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Everything by which the SDK can be led elsewhere, leading to `trap`. */
function hostile(trap: string, folder: string): Record<string, string> {
  const config = join(folder, "config");
  writeFileSync(
    config,
    [
      "[profile real]",
      "region = us-east-1",
      `endpoint_url = ${trap}`,
      "use_fips_endpoint = true",
      "services = all",
      "[services all]",
      ...[
        "rds",
        "elasticache",
        "global_accelerator",
        "dynamodb",
        "ecr",
        "secrets_manager",
        "service_quotas",
        "cloudwatch",
        "sns",
        "acm",
      ].flatMap((service) => [`${service} =`, `  endpoint_url = ${trap}`]),
    ].join("\n"),
  );
  const credentials = join(folder, "credentials");
  writeFileSync(credentials, "[real]\naws_access_key_id = AKIAREALFILE\naws_secret_access_key = real\n");
  return {
    AWS_ACCESS_KEY_ID: "AKIAREALENV",
    AWS_SECRET_ACCESS_KEY: "real",
    AWS_SESSION_TOKEN: "real",
    AWS_PROFILE: "real",
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ENDPOINT_URL: trap,
    AWS_ENDPOINT_URL_RDS: trap,
    AWS_ENDPOINT_URL_ELASTICACHE: trap,
    AWS_ENDPOINT_URL_GLOBAL_ACCELERATOR: trap,
    AWS_ENDPOINT_URL_DYNAMODB: trap,
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${trap}/credentials`,
    HTTP_PROXY: trap,
    http_proxy: trap,
  };
}

describe("the AWS clients of a lab, in an environment that leads elsewhere", () => {
  const trap = new Listener();
  const lab = new Listener();
  const before_ = { ...process.env };
  let folder: string;
  let clients: AwsClients;
  let endpoint: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "castle-aws-"));
    Object.assign(process.env, hostile(await trap.start(), folder));
    endpoint = await lab.start();
    clients = awsClients(labTarget({ awsEndpoint: endpoint }));
  });
  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in before_)) delete process.env[name];
    Object.assign(process.env, before_);
    clients.close();
    trap.stop();
    lab.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    lab.signatures.length = 0;
  });

  const calls: [string, string, () => Promise<unknown>][] = [
    [
      "RDS",
      "eu-central-1/rds",
      () => clients.rds("eu-central-1").send(new DescribeGlobalClustersCommand({})),
    ],
    [
      "ElastiCache",
      "eu-west-1/elasticache",
      () => clients.cache("eu-west-1").send(new DescribeGlobalReplicationGroupsCommand({})),
    ],
    [
      "Global Accelerator",
      "us-west-2/globalaccelerator",
      () => clients.accelerator().send(new DescribeEndpointGroupCommand({ EndpointGroupArn: "arn" })),
    ],
    [
      "ECR",
      "eu-central-1/ecr",
      () => clients.images("eu-central-1").send(new DescribeImagesCommand({ repositoryName: "r" })),
    ],
    [
      "Secrets Manager",
      "eu-west-1/secretsmanager",
      () => clients.secrets("eu-west-1").send(new DescribeSecretCommand({ SecretId: "s" })),
    ],
    [
      "Service Quotas",
      "eu-west-1/servicequotas",
      () => clients.quotas("eu-west-1").send(new ListServiceQuotasCommand({ ServiceCode: "rds" })),
    ],
    [
      "CloudWatch",
      "eu-central-1/monitoring",
      () => clients.metrics("eu-central-1").send(new ListMetricsCommand({})),
    ],
    ["SNS", "eu-west-1/sns", () => clients.topics("eu-west-1").send(new ListTopicsCommand({}))],
    [
      "S3",
      "eu-west-1/s3",
      () => clients.evidence("eu-west-1").send(new ListObjectVersionsCommand({ Bucket: "evidence" })),
    ],
    ["ACM", "eu-west-1/acm", () => clients.certificates("eu-west-1").send(new ListCertificatesCommand({}))],
    [
      "DynamoDB",
      "eu-west-3/dynamodb",
      () => new DynamoWitness({ table: "witness", region: "eu-west-3", endpoint }).read(),
    ],
  ];
  for (const [service, scope, call] of calls)
    it(`call ${service} at the lab's endpoint, signed with what opens nothing`, async () => {
      await call().catch(() => undefined);
      expect(lab.signatures).to.have.length.greaterThan(0);
      for (const signature of lab.signatures)
        expect(signature).to.match(new RegExp(`Credential=castle-lab/\\d+/${scope}/`));
    });

  it("never reached where the environment leads", () => {
    expect(trap.signatures).to.deep.equal([]);
  });
});

describe("the client factory", () => {
  for (const endpoint of [
    "https://rds.eu-west-1.amazonaws.com",
    "http://10.0.0.1:4566",
    "http://127.0.0.1.nip.io",
  ])
    it(`refuses a lab at ${endpoint}`, () => {
      expect(() => awsClients(labTarget({ awsEndpoint: endpoint }))).to.throw(/not on this machine/);
    });

  it("refuses a lab without an endpoint: its calls would go to AWS", () => {
    const { awsEndpoint: _, ...without } = labTarget();
    expect(() => awsClients(without)).to.throw(/a lab without awsEndpoint/);
  });

  it("refuses an endpoint for AWS itself", () => {
    expect(() => awsClients(labTarget({ kind: "aws" }))).to.throw(/is AWS itself and has an awsEndpoint/);
  });

  it("makes one client for each service and region", () => {
    const clients = awsClients(labTarget());
    expect(clients.rds("eu-west-1")).to.equal(clients.rds("eu-west-1"));
    expect(clients.rds("eu-west-1")).not.to.equal(clients.rds("eu-central-1"));
    clients.close();
  });
});

describe("a target", () => {
  const mistakes = (target: unknown): string =>
    targetSchema
      .safeParse(target)
      .error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      .join() ?? "none";

  it("of a lab stays on this machine, its witness too", () => {
    expect(mistakes(labTarget())).to.equal("none");
    const away = labTarget({
      awsEndpoint: "https://rds.eu-west-1.amazonaws.com",
      witness: { table: "t", region: "eu-west-3", endpoint: "http://10.0.0.1" },
    });
    expect(mistakes(away)).to.match(/awsEndpoint: .*loopback.*witness.endpoint: .*loopback/);
    expect(mistakes({ ...labTarget(), awsEndpoint: undefined })).to.match(/awsEndpoint/);
  });

  it("of AWS has no endpoint", () => {
    expect(mistakes(labTarget({ kind: "aws" }))).to.match(/AWS itself has no endpoint/);
  });

  it("names both cells", () => {
    const { "eu-west-1": home } = labTarget().cells;
    expect(mistakes({ ...labTarget(), cells: { "eu-west-1": home } })).to.match(/cells.eu-central-1/);
  });
});
