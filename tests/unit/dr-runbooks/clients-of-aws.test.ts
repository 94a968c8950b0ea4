import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { DescribeGlobalReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { DescribeEndpointGroupCommand } from "@aws-sdk/client-global-accelerator";
import { DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { reason } from "@castle/dr-runbooks/cells/reachable.ts";
import { type AwsClients, awsClients } from "@castle/dr-runbooks/clients.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import { expect } from "chai";
import { rejection } from "../../integration/dr-runbooks/support/rejection.ts";

interface Client {
  readonly config: { readonly region: unknown };
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: whatever the client's commands are.
    add(middleware: (next: any) => any, options: { step: "finalizeRequest"; priority: "low" }): void;
  };
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  send(command: any): Promise<unknown>;
}

const clientsWithCommands = (aws: AwsClients): [string, Client, object, string][] => [
  ["RDS", aws.rds("eu-central-1"), new DescribeGlobalClustersCommand({}), "rds.eu-central-1.amazonaws.com"],
  [
    "ElastiCache",
    aws.cache("eu-west-1"),
    new DescribeGlobalReplicationGroupsCommand({}),
    "elasticache.eu-west-1.amazonaws.com",
  ],
  [
    "Global Accelerator",
    aws.accelerator(),
    new DescribeEndpointGroupCommand({ EndpointGroupArn: "arn" }),
    "globalaccelerator.us-west-2.amazonaws.com",
  ],
  [
    "ECR",
    aws.images("eu-west-1"),
    new DescribeImagesCommand({ repositoryName: "r" }),
    "api.ecr.eu-west-1.amazonaws.com",
  ],
  [
    "Secrets Manager",
    aws.secrets("eu-west-1"),
    new DescribeSecretCommand({ SecretId: "s" }),
    "secretsmanager.eu-west-1.amazonaws.com",
  ],
  [
    "Service Quotas",
    aws.quotas("eu-west-1"),
    new ListServiceQuotasCommand({ ServiceCode: "rds" }),
    "servicequotas.eu-west-1.amazonaws.com",
  ],
  ["STS", aws.identity("eu-west-3"), new GetCallerIdentityCommand({}), "sts.eu-west-3.amazonaws.com"],
];

describe("the AWS clients of AWS itself", () => {
  const environment = { ...process.env };
  const reached: string[] = [];
  const trap: Server = createServer((request, response) => {
    reached.push(request.url ?? "");
    response.writeHead(400).end();
  });
  let trapUrl = "";

  before(async () => {
    trap.listen(0, "127.0.0.1");
    await once(trap, "listening");
    trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = "/dev/null";
    process.env.AWS_ACCESS_KEY_ID = "AKIAOFTESTS";
    process.env.AWS_SECRET_ACCESS_KEY = "opens-nothing";
  });
  afterEach(() => {
    delete process.env.AWS_ENDPOINT_URL;
  });
  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    trap.close();
  });

  const aws = (): AwsClients => awsClients({ kind: "aws", name: "a Castle of the tests" });

  for (const [index, [service, , , host]] of clientsWithCommands(aws()).entries()) {
    it(`call ${service} at ${host} over TLS, signed for its region`, async () => {
      const [, client, command] = clientsWithCommands(aws())[index] ?? expect.fail();
      const requests: { protocol: string; hostname: string; headers: Record<string, string> }[] = [];
      client.middlewareStack.add(
        () => async (given: { request: (typeof requests)[number] }) => {
          requests.push(given.request);
          throw new Error("not sent");
        },
        { step: "finalizeRequest", priority: "low" },
      );
      await rejection(client.send(command));
      const [request] = requests;
      expect(request).to.include({ protocol: "https:", hostname: host });
      const region = /(eu-\w+-\d|us-west-2)/.exec(host)?.[0];
      expect(request?.headers.authorization).to.match(
        new RegExp(`Credential=AKIAOFTESTS/\\d+/${region}/[a-z]+/aws4_request`),
      );
    });

    it(`send nothing meant for ${service} where the environment leads`, async () => {
      process.env.AWS_ENDPOINT_URL = trapUrl;
      const [, client, command] = clientsWithCommands(aws())[index] ?? expect.fail();
      expect(reason(await rejection(client.send(command)))).to.contain("remove AWS_ENDPOINT_URL");
      expect(reached).to.deep.equal([]);
    });
  }

  it("are watched, every one of them", () => {
    const { close: _, ...makers } = aws();
    for (const [name, make] of Object.entries(makers)) {
      const client = (make as (region: string) => { middlewareStack: { identify(): string[] } })("eu-west-1");
      expect(client.middlewareStack.identify().join(), name).to.contain("onlyToAws");
    }
  });

  it("send nothing meant for the witness there either", async () => {
    process.env.AWS_ENDPOINT_URL = trapUrl;
    const witness = new DynamoWitness({ table: "castle-witness", region: "eu-west-3" });
    const error = await rejection(witness.read());
    expect(error).to.be.instanceOf(WitnessUnreachable);
    expect(reason((error as WitnessUnreachable).cause)).to.contain("remove AWS_ENDPOINT_URL");
    expect(reached).to.deep.equal([]);
    witness.close();
  });
});
