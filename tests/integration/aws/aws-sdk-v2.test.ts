import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListCertificatesCommand } from "@aws-sdk/client-acm";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import type { ServiceParts } from "@castle/lab/aws/service.ts";
import { labServices } from "@castle/lab/aws/services.ts";
import { operationParts } from "@castle/lab/aws/wire/protocol.ts";
import { peerRegion } from "@castle/regions/catalogue.ts";
import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticStructureSchema } from "@smithy/types";
import { expect } from "chai";
import { ControlPlaneUnderTest, identifiers } from "./control-plane-under-test.ts";
import { type AnsweredCall, everyCall, restoredData } from "./every-call.ts";
import { heldClusters } from "./held-clusters.ts";
import { HeldThings } from "./held-things.ts";
import { departures, modelOf, pagesByV2, sendByV2, type V2Client, v2Client } from "./v2-model.ts";

/**
 * What AWS has stopped to require since these models were written: an alarm may watch a query now, which has neither. The
 * lab's alarms watch a metric, and refuse to be without.
 */
const requiredNoMore: Readonly<Record<string, readonly string[]>> = {
  PutMetricAlarm: ["ComparisonOperator", "EvaluationPeriods"],
};

/** Members that AWS has added since. */
const newSince = ["rds DescribeDBClusters: .DBClusters[].GlobalClusterIdentifier is not in the model"];

/** A client that is not the lab's, with models that were written apart from those the lab is made of. */
describe("the AWS SDK for JavaScript v2, over the lab's control plane", () => {
  let aws: ControlPlaneUnderTest;
  let folder: string;
  let calls: readonly AnsweredCall[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "castle-v2-"));
    const buckets = evidenceBuckets(identifiers, { folder });
    aws = await new ControlPlaneUnderTest({
      ...{ holdings: new HeldThings(), buckets, clusters: heldClusters() },
      backUp: async () => undefined,
      restore: async () => restoredData,
    }).start();
    const { CertificateSummaryList: [certificate] = [] } = await aws
      .acm(peerRegion)
      .send(new ListCertificatesCommand({}));
    calls = everyCall(certificate?.CertificateArn ?? "");
  });
  after(async () => {
    await aws.stop();
    await rm(folder, { recursive: true });
  });

  const client = ({ service, region }: Pick<AnsweredCall, "service" | "region">): V2Client =>
    v2Client(service, {
      ...{ endpoint: aws.url, region, accessKeyId: "lab", secretAccessKey: "lab" },
    });
  const name = ({ service, operation }: Pick<AnsweredCall, "service" | "operation">) =>
    `${service} ${operation}`;

  it("is asked every operation that the lab has: one that is added stands in every-call.ts as well", () => {
    const served = aws.conduct.served.flatMap(({ service, operations }) =>
      operations.map((operation) => name({ service, operation })),
    );
    expect(calls.map(name)).to.have.members(served);
  });

  it("understands every answer, and finds nothing in it that its models do not have", async () => {
    const found: string[] = [];
    for (const call of calls) {
      const speaker = client(call);
      const { data, body } = await sendByV2(speaker, call.operation, call.input);
      const model = modelOf(speaker, call.operation);
      expect(model, name(call)).not.to.equal(undefined);
      expect(data, name(call)).to.be.an("object");
      const told = model ? await departures(speaker.api.protocol, model.output, body) : [];
      found.push(...told.map((departure) => `${name(call)}: ${departure}`));
      if (aws.cells.asked.length > 0) aws.cells.promotion.fail("enough for this test");
    }
    expect(found).to.deep.equal(newSince);
  });

  it("would find a member that is misspelt, a text that is no number, and a list's item of another name", async () => {
    const speaker = client({ service: "rds", region: peerRegion });
    const { body } = await sendByV2(speaker, "DescribeDBClusters", {});
    const model = modelOf(speaker, "DescribeDBClusters")?.output;
    const broken = body
      .replaceAll("EngineMode>", "EngineModus>")
      .replace(/<Port>\d+/, "<Port>many")
      .replaceAll("DBClusterMember>", "Member>");
    expect(model && (await departures("query", model, broken))).to.include.members([
      ".DBClusters[].EngineModus is not in the model",
      ".DBClusters[].Port is no integer: many",
      ".DBClusters[].DBClusterMembers holds Member and not DBClusterMember",
    ]);
    const json = client({ service: "acm", region: peerRegion });
    const listed = modelOf(json, "ListCertificates")?.output;
    const wrong = JSON.stringify({ CertificateSummaryList: [{ Arn: "x", NotAfter: "tomorrow" }] });
    expect(listed && (await departures("json", listed, wrong))).to.deep.equal([
      ".CertificateSummaryList[].Arn is not in the model",
      ".CertificateSummaryList[].NotAfter is not in seconds",
    ]);
  });

  it("understands what each service refuses with, and that it may be tried again", async () => {
    for (const call of new Map(calls.map((call) => [call.service, call])).values()) {
      const trouble = aws.conduct.trouble(
        { service: call.service },
        { is: "throttled" },
        { share: 1, seed: 1 },
      );
      const refusal = await sendByV2(client(call), call.operation, call.input).catch((error) => error);
      trouble.end();
      expect(refusal, call.service).to.include({ retryable: true });
      expect(refusal.code, call.service).to.match(/Throttl|TooManyRequests|SlowDown/);
    }
  });

  it("goes through pages, in Query and in JSON, to the end", async () => {
    const alarms = await pagesByV2(client({ service: "monitoring", region: peerRegion }), "DescribeAlarms", {
      MaxRecords: 1,
    });
    expect(alarms).to.have.length(2);
    const quotas = { ServiceCode: "rds", MaxResults: 3 };
    const listed = client({ service: "servicequotas", region: peerRegion });
    expect(await pagesByV2(listed, "ListServiceQuotas", quotas)).to.have.length(2);
  });

  it("requires of each operation what the lab requires", () => {
    const parts = { identifiers } as ServiceParts; // enough to be built with: nothing is asked of them here
    const found = labServices(parts).flatMap(({ signingName: service, operations }) =>
      operations.map(({ name: operation, schema }) => {
        const model = modelOf(client({ service, region: peerRegion }), operation);
        const ours = requiredOf(NormalizedSchema.of(operationParts(schema).input));
        return { operation, ours, theirs: [...(model?.input.required ?? [])].sort() };
      }),
    );
    expect(found.length).to.be.greaterThan(20);
    for (const { operation, ours, theirs } of found)
      expect([...ours, ...(requiredNoMore[operation] ?? [])].sort(), operation).to.deep.equal(theirs);
  });
});

/** A static structure schema lists its required members first and says how many they are. */
function requiredOf(input: NormalizedSchema): string[] {
  if (!input.isStructSchema()) return [];
  const [, , , , names, , count = 0] = input.getSchema() as StaticStructureSchema;
  return names.slice(0, count).sort();
}
