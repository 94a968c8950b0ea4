import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type CallMade, readsOnly } from "@castle/regions/calls/call.ts";
import { type HeardCall, HeardCalls } from "@castle/regions/calls/heard.ts";
import { tellingCalls } from "@castle/regions/calls/told.ts";
import { labCredentials } from "@castle/regions/loopback.ts";
import { expect } from "chai";

const asked = { service: "rds", operation: "DescribeGlobalClusters", region: "eu-west-1", resource: null };
const good = { status: 200, error: null, requestId: "r-1" };

const told = (calls: HeardCalls): HeardCall[] => {
  const heard: HeardCall[] = [];
  calls.tellTo((call) => heard.push(call));
  return heard;
};

describe("the calls that are heard", () => {
  it("are kept until somebody wants them, and told at once from then on", () => {
    const calls = new HeardCalls();
    calls.begun(asked, null)(good);
    const heard = told(calls);
    expect(heard).to.have.length(1);
    calls.begun(asked, "promote")(good);
    expect(heard.map(({ during }) => during)).to.deep.equal([null, "promote"]);
  });

  it("are told once, the unanswered ones at the end, and none behind it", () => {
    const calls = new HeardCalls();
    const heard = told(calls);
    const answer = calls.begun(asked, "promote");
    calls.end();
    answer(good);
    calls.begun(asked, "promote")(good);
    expect(heard.map(({ status, error }) => ({ status, error }))).to.deep.equal([
      { status: null, error: "NotAnsweredByTheEnd" },
    ]);
  });
});

describe("an operation", () => {
  for (const [operation, reads] of [
    ["DescribeGlobalClusters", true],
    ["GetItem", true],
    ["ListServiceQuotas", true],
    ["HeadObject", true],
    ["PutItem", false],
    ["FailoverGlobalCluster", false],
    ["UpdateEndpointGroup", false],
  ] as const)
    it(`${operation} ${reads ? "reads only" : "changes something"}`, () => {
      expect(readsOnly(operation)).to.equal(reads);
    });
});

describe("a client's calls, told to whoever listens", () => {
  let server: Server;
  let client: DynamoDBClient;
  let answer: { status: number; body: string };

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(answer.status, {
        "x-amzn-requestid": "r-7",
        "content-type": "application/x-amz-json-1.0",
      });
      response.end(answer.body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    client = tellingCalls(
      new DynamoDBClient({
        region: "eu-west-3",
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        credentials: labCredentials,
        maxAttempts: 1,
      }),
      new Set(["witness"]),
    );
  });
  after(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  const put = (TableName = "witness") =>
    client.send(new PutItemCommand({ TableName, Item: { id: { S: "hunter2" } } })).then(
      () => undefined,
      (error: unknown) => error,
    );

  async function heardOf(work: () => Promise<unknown>): Promise<CallMade[]> {
    const calls = new HeardCalls();
    const heard = told(calls);
    await calls.during("take-the-role", work);
    return heard;
  }

  it("say what was called, where, and what came of it", async () => {
    answer = { status: 200, body: "{}" };
    const [call, ...more] = await heardOf(() => put());
    expect(more).to.deep.equal([]);
    expect(call).to.include({
      ...{ service: "dynamodb", operation: "PutItem", region: "eu-west-3", resource: "witness" },
      ...{ status: 200, error: null, requestId: "r-7", during: "take-the-role" },
    });
    expect(call?.ms).to.be.at.least(0);
  });

  it("name the error of a refusal", async () => {
    answer = {
      status: 400,
      body: JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" }),
    };
    const [call] = await heardOf(() => put());
    expect(call).to.include({ status: 400, error: "ConditionalCheckFailedException", requestId: "r-7" });
  });

  it("say nothing else of what they carry", async () => {
    answer = { status: 200, body: "{}" };
    const calls = await heardOf(() => put("somebody-else-s-table"));
    expect(JSON.stringify(calls)).to.not.match(/hunter2|somebody/);
    expect(calls.map(({ resource }) => resource)).to.deep.equal([null]);
  });

  it("are made all the same where nobody listens", async () => {
    answer = { status: 200, body: "{}" };
    expect(await put()).to.equal(undefined);
  });
});
