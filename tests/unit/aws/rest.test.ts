import * as eksSdk from "@aws-sdk/client-eks";
import * as s3Sdk from "@aws-sdk/client-s3";
import { modelledFault } from "@castle/lab/aws/fault.ts";
import { restJsonProtocol } from "@castle/lab/aws/wire/rest-json.ts";
import { restXmlProtocol } from "@castle/lab/aws/wire/rest-xml.ts";
import { expect } from "chai";
import { answerTo, inMemory, type Served } from "./support/in-memory.ts";

const built = {
  region: "eu-west-1",
  endpoint: "http://127.0.0.1:9",
  credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
  maxAttempts: 1,
} as const;

const restJson = restJsonProtocol({
  invalid: (message) => modelledFault(eksSdk.InvalidParameterException$, message),
});
const restXml = restXmlProtocol({
  xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
  pathPrefix: "/{Bucket}",
});

/** Serves one operation and keeps what it read. */
function serving(schema: Served["schema"], output: object = {}, limits: Served["limits"] = {}) {
  const read: unknown[] = [];
  const one: Served = {
    schema,
    limits,
    handle: (input) => {
      read.push(input);
      return output;
    },
  };
  return { read, one };
}

const eks = (...served: Served[]) =>
  new eksSdk.EKSClient({ ...built, requestHandler: inMemory(restJson, served) });
const s3 = (...served: Served[]) =>
  new s3Sdk.S3Client({ ...built, forcePathStyle: true, requestHandler: inMemory(restXml, served) });

const faultOf = async (call: Promise<unknown>) => {
  const fault = await call.then(
    () => expect.fail("expected a fault"),
    (cause: unknown) => cause as Error & { $metadata: { httpStatusCode: number } },
  );
  return { name: fault.name, message: fault.message, status: fault.$metadata.httpStatusCode };
};

describe("the REST-JSON protocol, spoken with the SDK's client for EKS", () => {
  it("reads labels, query and body, and answers with a document", async () => {
    const update = serving(eksSdk.UpdateNodegroupConfig$, {
      update: { id: "u-1", status: "InProgress", createdAt: new Date(1_750_000_000_000), params: [] },
    });
    const list = serving(eksSdk.ListNodegroups$, { nodegroups: ["trading"], nextToken: "more" });
    const client = eks(update.one, list.one);
    const input = {
      clusterName: "castle eu/west",
      nodegroupName: "trading",
      scalingConfig: { minSize: 1, desiredSize: 4 },
      labels: { addOrUpdateLabels: { purpose: "trading" } },
    };
    const answered = await client.send(new eksSdk.UpdateNodegroupConfigCommand(input));
    expect(update.read[0]).to.deep.include(input);
    expect(answered.update).to.deep.include({ id: "u-1", createdAt: new Date(1_750_000_000_000) });
    const page = { clusterName: "castle", maxResults: 7, nextToken: "a+b/c=" };
    expect(await client.send(new eksSdk.ListNodegroupsCommand(page))).to.include({ nextToken: "more" });
    expect(list.read[0]).to.deep.equal(page);
  });

  it("tells operations apart by the longest literal path", async () => {
    const cluster = serving(eksSdk.DescribeCluster$, { cluster: { name: "one" } });
    const clusters = serving(eksSdk.ListClusters$, { clusters: [] });
    const groups = serving(eksSdk.ListNodegroups$, { nodegroups: [] });
    const client = eks(cluster.one, clusters.one, groups.one);
    await client.send(new eksSdk.DescribeClusterCommand({ name: "node-groups" }));
    await client.send(new eksSdk.ListClustersCommand({}));
    await client.send(new eksSdk.ListNodegroupsCommand({ clusterName: "castle" }));
    expect([cluster, clusters, groups].map(({ read }) => read)).to.deep.equal([
      [{ name: "node-groups" }],
      [{}],
      [{ clusterName: "castle" }],
    ]);
  });

  it("answers with the model's errors, by the header that names them", async () => {
    const client = eks({
      schema: eksSdk.DescribeCluster$,
      handle: () => {
        throw modelledFault(eksSdk.ResourceNotFoundException$, "No cluster found for name: x.");
      },
    });
    expect(await faultOf(client.send(new eksSdk.DescribeClusterCommand({ name: "x" })))).to.deep.equal({
      name: "ResourceNotFoundException",
      message: "No cluster found for name: x.",
      status: 404,
    });
  });

  const update = {
    ...{ method: "POST", target: "/clusters/a/node-groups/b/update-config" },
    headers: {},
  };
  for (const [what, body, type, named] of [
    ["what is no JSON", "{", "SerializationException", "not JSON"],
    ["a body that is no structure", "[]", "SerializationException", "the body must be a structure"],
    [
      "a value of another type",
      '{"scalingConfig":{"minSize":"1"}}',
      "SerializationException",
      "scalingConfig.minSize",
    ],
    ["a member that is unknown", '{"scalingConfg":{}}', "InvalidParameterException", "scalingConfg"],
    [
      "a member out of bounds",
      '{"scalingConfig":{"minSize":-1}}',
      "InvalidParameterException",
      "scalingConfig.minSize",
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const limits = { "scalingConfig.minSize": { min: 0, max: 450 } };
      const { one, read } = serving(eksSdk.UpdateNodegroupConfig$, {}, limits);
      const {
        status,
        headers,
        body: answered,
      } = await answerTo(restJson, [one], {
        ...update,
        body: Buffer.from(body),
      });
      expect({ status, type: headers["x-amzn-errortype"] }).to.deep.equal({ status: 400, type });
      expect(answered).to.include(named);
      expect(read).to.deep.equal([]);
    });

  it("refuses a query parameter that is unknown, given twice, or of another type", async () => {
    const { one } = serving(eksSdk.ListNodegroups$, { nodegroups: [] });
    const ask = async (query: string) => {
      const target = `/clusters/a/node-groups?${query}`;
      const { headers, body } = await answerTo(restJson, [one], {
        ...{ method: "GET", target, headers: {}, body: Buffer.of() },
      });
      return `${headers["x-amzn-errortype"]}: ${body}`;
    };
    expect(await ask("maxResult=1"))
      .to.include("InvalidParameterException")
      .and.include("maxResult");
    expect(await ask("maxResults=1&maxResults=2")).to.include("SerializationException");
    expect(await ask("maxResults=many")).to.include("maxResults must be a number");
  });

  it("refuses a method or path that is no operation, or is not spelt as a path may be", async () => {
    const { one } = serving(eksSdk.ListNodegroups$);
    for (const [method, target] of [
      ["PUT", "/clusters/a/node-groups"],
      ["GET", "/clusters//node-groups"],
      ["GET", "/clusters/a/node-groups/b/c"],
      ["GET", "/clusters/%zz/node-groups"],
    ] as const) {
      const { status, headers } = await answerTo(restJson, [one], {
        ...{ method, target, headers: {}, body: Buffer.of() },
      });
      expect(status, target).to.equal(404);
      expect(headers["x-amzn-errortype"]).to.equal("UnknownOperationException");
    }
  });
});

describe("the REST-XML protocol, spoken with the SDK's client for S3", () => {
  const where = { Bucket: "evidence", Key: "runs/a b/000001+.json" };

  it("reads a greedy label, headers and a body of bytes, and answers with headers alone", async () => {
    const put = serving(s3Sdk.PutObject$, { ETag: '"e"', VersionId: "v1" });
    const retainUntil = new Date("2031-01-01T00:00:00.500Z");
    const given = { ...where, IfNoneMatch: "*", ObjectLockMode: "COMPLIANCE" } as const;
    const answered = await s3(put.one).send(
      new s3Sdk.PutObjectCommand({
        ...given,
        Body: Buffer.from([0, 255, 10]),
        ObjectLockRetainUntilDate: retainUntil,
        Metadata: { lines: "3" },
      }),
    );
    expect(answered).to.include({ ETag: '"e"', VersionId: "v1" });
    expect(put.read[0]).to.deep.include({
      ...given,
      Body: Buffer.from([0, 255, 10]),
      ObjectLockRetainUntilDate: retainUntil,
      Metadata: { lines: "3" },
      ContentLength: 3,
    });
  });

  it("answers with bytes, dates and what the object's own headers tell", async () => {
    const get = serving(s3Sdk.GetObject$, {
      Body: Buffer.from("höher"),
      LastModified: new Date("2026-01-02T03:04:05Z"),
      ObjectLockRetainUntilDate: new Date("2031-01-01T00:00:00.500Z"),
      Metadata: { lines: "3" },
    });
    const got = await s3(get.one).send(new s3Sdk.GetObjectCommand({ ...where, VersionId: "v1" }));
    expect(await got.Body?.transformToString()).to.equal("höher");
    expect(got.LastModified).to.deep.equal(new Date("2026-01-02T03:04:05Z"));
    expect(got.ObjectLockRetainUntilDate).to.deep.equal(new Date("2031-01-01T00:00:00.500Z"));
    expect(got.Metadata).to.deep.equal({ lines: "3" });
    expect(get.read[0]).to.deep.include({ ...where, VersionId: "v1" });
  });

  it("tells a bucket's operations from an object's, by what the query names", async () => {
    const list = serving(s3Sdk.ListObjectsV2$, {
      ...{ Name: "evidence", KeyCount: 1, IsTruncated: false },
      Contents: [{ Key: "runs/<a>&", Size: 3, LastModified: new Date(0) }],
    });
    const lock = serving(s3Sdk.GetObjectLockConfiguration$, {
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" },
    });
    const retention = serving(s3Sdk.GetObjectRetention$, { Retention: { Mode: "COMPLIANCE" } });
    const get = serving(s3Sdk.GetObject$);
    const client = s3(get.one, retention.one, lock.one, list.one);
    const listed = await client.send(new s3Sdk.ListObjectsV2Command({ Bucket: "evidence", MaxKeys: 5 }));
    expect(listed.Contents?.[0]).to.deep.include({ Key: "runs/<a>&", Size: 3, LastModified: new Date(0) });
    expect(list.read).to.deep.equal([{ Bucket: "evidence", MaxKeys: 5 }]);
    const locked = await client.send(new s3Sdk.GetObjectLockConfigurationCommand({ Bucket: "evidence" }));
    expect(locked.ObjectLockConfiguration).to.deep.equal({ ObjectLockEnabled: "Enabled" });
    const retained = await client.send(new s3Sdk.GetObjectRetentionCommand(where));
    expect(retained.Retention).to.deep.equal({ Mode: "COMPLIANCE" });
    expect(get.read).to.deep.equal([]);
  });

  it("finds an operation that another client does not name in the query, with or without a last slash", async () => {
    const list = serving(s3Sdk.ListObjectsV2$, { Name: "evidence" });
    const get = serving(s3Sdk.GetObject$);
    for (const target of ["/evidence?list-type=2", "/evidence/?list-type=2", "/evidence/a/", "/evidence/a"])
      await answerTo(restXml, [get.one, list.one], {
        ...{ method: "GET", target, headers: {}, body: Buffer.of() },
      });
    expect(list.read).to.have.length(2);
    expect(get.read).to.deep.equal([
      { Bucket: "evidence", Key: "a/" },
      { Bucket: "evidence", Key: "a" },
    ]);
  });

  it("reads a document in the body", async () => {
    const put = serving(s3Sdk.PutObjectLockConfiguration$);
    const rule = { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } } as const;
    await s3(put.one).send(
      new s3Sdk.PutObjectLockConfigurationCommand({
        Bucket: "evidence",
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: rule },
      }),
    );
    expect(put.read[0]).to.have.deep.property("ObjectLockConfiguration", {
      ObjectLockEnabled: "Enabled",
      Rule: rule,
    });
  });

  const retention = (body: string) => ({
    ...{ method: "PUT", target: "/evidence/a?retention", headers: {}, body: Buffer.from(body) },
  });
  for (const [what, body, code, named] of [
    ["what is no XML", "<Retention", "MalformedXML", "well-formed"],
    ["an element that is unknown", "<Retention><Mod>X</Mod></Retention>", "InvalidArgument", "Retention.Mod"],
    [
      "an element of another type",
      "<Retention><RetainUntilDate>soon</RetainUntilDate></Retention>",
      "InvalidArgument",
      "Retention.RetainUntilDate must be a timestamp",
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { one, read } = serving(s3Sdk.PutObjectRetention$);
      const { status, body: answered } = await answerTo(restXml, [one], retention(body));
      expect(status).to.equal(400);
      expect(answered).to.include(`<Code>${code}</Code>`).and.include(named);
      expect(read).to.deep.equal([]);
    });

  it("refuses what the model requires, what it does not know, and a method that is no operation", async () => {
    const list = serving(s3Sdk.ListObjectsV2$, { Name: "evidence" });
    const lists = serving(s3Sdk.ListParts$);
    const ask = async (method: string, target: string) =>
      answerTo(restXml, [list.one, lists.one], { ...{ method, target, headers: {}, body: Buffer.of() } });
    expect((await ask("GET", "/evidence?list-type=2&prefx=a")).body).to.include("prefx is no parameter");
    expect((await ask("GET", "/evidence/a?x-id=ListParts")).body).to.include("<Code>InvalidRequest</Code>");
    expect(await ask("PATCH", "/evidence/a")).to.include({ status: 405 });
  });

  it("answers with the model's errors and S3's own, in the body", async () => {
    const client = s3({
      schema: s3Sdk.GetObject$,
      handle: () => {
        throw modelledFault(s3Sdk.NoSuchKey$, "The specified key does not exist.");
      },
    });
    const fault = await faultOf(client.send(new s3Sdk.GetObjectCommand(where)));
    expect(fault).to.deep.equal({
      name: "NoSuchKey",
      message: "The specified key does not exist.",
      status: 404,
    });
  });
});
