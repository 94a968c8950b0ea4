import * as acmSdk from "@aws-sdk/client-acm";
import * as cloudWatchSdk from "@aws-sdk/client-cloudwatch";
import * as ecrSdk from "@aws-sdk/client-ecr";
import * as elastiCacheSdk from "@aws-sdk/client-elasticache";
import * as acceleratorSdk from "@aws-sdk/client-global-accelerator";
import * as rdsSdk from "@aws-sdk/client-rds";
import * as s3Sdk from "@aws-sdk/client-s3";
import * as secretsSdk from "@aws-sdk/client-secrets-manager";
import * as quotasSdk from "@aws-sdk/client-service-quotas";
import * as snsSdk from "@aws-sdk/client-sns";
import { targetSchema } from "@castle/dr-runbooks/target.ts";
import { modelledFault } from "@castle/lab/aws/fault.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { operation } from "@castle/lab/aws/service.ts";
import { jsonProtocol } from "@castle/lab/aws/wire/json.ts";
import { queryProtocol } from "@castle/lab/aws/wire/query.ts";
import { cellRegions } from "@castle/regions/catalogue.ts";
import type { StaticErrorSchema } from "@smithy/types";
import { expect } from "chai";

const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
const built = { region: "eu-west-1", endpoint: "http://127.0.0.1:9", credentials };

/** How each service's client is set up to speak. */
const settings = (client: { config: object }) =>
  (client.config as { protocolSettings: Record<string, string> }).protocolSettings;

describe("the names that the services go by on the wire", () => {
  it("are those of the SDK's clients", () => {
    expect(settings(new rdsSdk.RDSClient(built))).to.include({
      version: "2014-10-31",
      xmlNamespace: "http://rds.amazonaws.com/doc/2014-10-31/",
    });
    expect(settings(new elastiCacheSdk.ElastiCacheClient(built))).to.include({
      version: "2015-02-02",
      xmlNamespace: "http://elasticache.amazonaws.com/doc/2015-02-02/",
    });
    expect(settings(new snsSdk.SNSClient(built))).to.include({
      version: "2010-03-31",
      xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    });
    expect(settings(new acceleratorSdk.GlobalAcceleratorClient(built))).to.include({
      serviceTarget: "GlobalAccelerator_V20180706",
    });
    for (const [client, serviceTarget] of [
      [new ecrSdk.ECRClient(built), "AmazonEC2ContainerRegistry_V20150921"],
      [new secretsSdk.SecretsManagerClient(built), "secretsmanager"],
      [new quotasSdk.ServiceQuotasClient(built), "ServiceQuotasV20190624"],
      [new cloudWatchSdk.CloudWatchClient(built), "GraniteServiceVersion20100801"],
      [new acmSdk.ACMClient(built), "CertificateManager"],
    ] as const)
      expect(settings(client)).to.include({ serviceTarget });
  });
});

describe("modelledFault", () => {
  const errorsOf = (sdk: Record<string, unknown>) =>
    Object.values(sdk).filter(
      (shape): shape is StaticErrorSchema =>
        Array.isArray(shape) && shape[0] === -3 && !String(shape[1]).startsWith("smithy.ts.sdk.synthetic"),
    );

  for (const [code, status, shape] of [
    ["GlobalClusterNotFoundFault", 404, rdsSdk.GlobalClusterNotFoundFault$],
    ["InvalidGlobalClusterStateFault", 400, rdsSdk.InvalidGlobalClusterStateFault$],
    ["DBInstanceNotFound", 404, rdsSdk.DBInstanceNotFoundFault$],
    ["InvalidGlobalReplicationGroupState", 400, elastiCacheSdk.InvalidGlobalReplicationGroupStateFault$],
    ["EndpointGroupNotFoundException", 404, acceleratorSdk.EndpointGroupNotFoundException$],
    ["InternalServiceErrorException", 500, acceleratorSdk.InternalServiceErrorException$],
    ["RepositoryNotFoundException", 400, ecrSdk.RepositoryNotFoundException$],
    ["ServerException", 500, ecrSdk.ServerException$],
    ["InternalServiceError", 500, secretsSdk.InternalServiceError$],
    ["NoSuchResourceException", 404, quotasSdk.NoSuchResourceException$],
    ["NoSuchKey", 404, s3Sdk.NoSuchKey$],
    ["TooManyRequestsException", 429, quotasSdk.TooManyRequestsException$],
  ] as const)
    it(`answers ${shape[2]} with code ${code} and status ${status}`, () => {
      expect(modelledFault(shape, "x")).to.include({ code, status, message: "x" });
    });

  it("has a code and a status for every error of every service's model", () => {
    const errors = [
      ...[rdsSdk, elastiCacheSdk, acceleratorSdk, ecrSdk, secretsSdk, quotasSdk],
      ...[cloudWatchSdk, snsSdk, acmSdk, s3Sdk],
    ].flatMap((sdk) => errorsOf(sdk));
    expect(errors.length).to.be.greaterThan(200);
    for (const schema of errors) {
      const { code, status, fault } = modelledFault(schema, "x");
      expect(code, schema[2]).to.match(/^[A-Za-z0-9.]+$/);
      expect(status >= 500, schema[2]).to.equal(fault === "server");
    }
  });
});

describe("a refusal", () => {
  const requestId = "5ad0a04e";

  it("is XML with the fault's side, code and message, and the request's id", () => {
    const protocol = queryProtocol({ version: "1", xmlNamespace: "http://rds/" });
    const { status, headers, body } = protocol.refuse(
      modelledFault(rdsSdk.GlobalClusterNotFoundFault$, "not <here>"),
      requestId,
    );
    expect({ status, type: headers["content-type"] }).to.deep.equal({ status: 404, type: "text/xml" });
    expect(String(body)).to.equal(
      '<ErrorResponse xmlns="http://rds/"><Error><Type>Sender</Type><Code>GlobalClusterNotFoundFault</Code>' +
        `<Message>not &lt;here&gt;</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
  });

  it("is JSON with the error's shape and its own spelling of message", () => {
    const protocol = jsonProtocol({ version: "1.1", serviceTarget: "X" });
    const { status, headers, body } = protocol.refuse(
      modelledFault(acceleratorSdk.EndpointGroupNotFoundException$, "gone"),
      requestId,
    );
    expect({ status, type: headers["content-type"] }).to.deep.equal({
      status: 404,
      type: "application/x-amz-json-1.1",
    });
    expect(JSON.parse(String(body))).to.deep.equal({
      __type: "EndpointGroupNotFoundException",
      Message: "gone",
    });
  });
});

describe("operation", () => {
  const handle = async () => ({});

  it("refuses one that takes an idempotency token, which would be passed over", () => {
    for (const [schema, member] of [
      [acceleratorSdk.CreateEndpointGroup$, "IdempotencyToken"],
      [secretsSdk.PutSecretValue$, "ClientRequestToken"],
    ] as const)
      expect(() => operation(schema, handle)).to.throw(`takes an idempotency token, ${member}`);
  });

  it("takes one that has none, or no input at all", () => {
    expect(operation(acceleratorSdk.UpdateEndpointGroup$, handle).name).to.equal("UpdateEndpointGroup");
    expect(operation(acceleratorSdk.DescribeAcceleratorAttributes$, handle).name).to.be.a("string");
  });
});

describe("labIdentifiers", () => {
  const ids = labIdentifiers();
  const cell = (region: (typeof cellRegions)[number]) => {
    const { clusterArn, replicationGroupId, endpointGroupArn, endpointId } = ids.cell(region);
    return { clusterArn, replicationGroupId, endpointGroupArn, endpointId };
  };

  it("fit a runbook's target", () => {
    const urls = {
      databaseUrl: "postgres://127.0.0.1/a",
      journalUrl: "postgres://127.0.0.1/b",
      redisUrl: "redis://127.0.0.1",
    };
    const target = {
      kind: "lab",
      name: "lab",
      awsEndpoint: "http://127.0.0.1:1",
      witness: { table: "witness", region: "eu-west-3", endpoint: "http://127.0.0.1:2" },
      globalClusterIdentifier: ids.globalClusterIdentifier,
      globalReplicationGroupId: ids.globalReplicationGroupId,
      cells: Object.fromEntries(cellRegions.map((region) => [region, { ...urls, ...cell(region) }])),
      runsFolder: "runs",
    };
    expect(targetSchema.safeParse(target).error).to.equal(undefined);
  });

  it("tell the cells apart, and carry an account that is nobody's", () => {
    const [home, peer] = cellRegions.map(cell);
    for (const name of ["clusterArn", "replicationGroupId", "endpointGroupArn", "endpointId"] as const)
      expect(home?.[name]).not.to.equal(peer?.[name]);
    expect(home?.clusterArn).to.equal("arn:aws:rds:eu-west-1:000000000000:cluster:castle-eu-west-1");
  });

  it("refuse what is no account number", () => {
    expect(() => labIdentifiers("12")).to.throw('twelve digits, got "12"');
  });
});
