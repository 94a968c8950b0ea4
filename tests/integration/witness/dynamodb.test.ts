import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { labCredentials } from "@castle/regions/loopback.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import {
  WitnessRecordInvalid,
  WitnessRecordMissing,
  WitnessUnreachable,
} from "@castle/regions/witness/errors.ts";
import { itemOf, unchangedSince } from "@castle/regions/witness/item.ts";
import { type WitnessChange, WitnessRefused } from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import { first, LossyPath, REGION, WitnessServer } from "./witness-server.ts";

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("it was granted"),
    (error: unknown) => error,
  );

const goSolo: WitnessChange = { kind: "go-solo", region: "eu-west-1", epoch: epoch(1), by: "gateway-0" };
const pair: WitnessChange = { ...goSolo, kind: "pair" };
const handOver = (by: string): WitnessChange => ({
  kind: "hand-over",
  to: "eu-central-1",
  from: epoch(1),
  by,
  consentToLoss: false,
});

describe("the witness in DynamoDB", () => {
  let server: WitnessServer;
  before(async () => {
    server = await WitnessServer.start();
  });
  after(() => server.stop());

  it("holds the record, and since when it stands", async () => {
    const before = Date.now();
    const { witness } = await server.holding(first("solo"));
    expect(await witness.read()).to.deep.equal(first("solo"));
    const paired = await witness.change(pair);
    expect(paired).to.deep.equal({ ...first("paired"), changedBy: "gateway-0" });
    const held = await witness.inspect();
    expect(held.record).to.deep.equal(paired);
    expect(held.revision).to.equal(2);
    expect(held.changedAt).to.be.within(before, Date.now());
  });

  it("keeps the first record when another is to be created", async () => {
    const { witness } = await server.holding(first("solo"));
    const standing = await witness.create({ ...first("paired"), changedBy: "a second bootstrap" });
    expect(standing).to.deep.equal(first("solo"));
    expect(await witness.read()).to.deep.equal(first("solo"));
  });

  it("refuses by name, and tells the record that stands", async () => {
    const { witness } = await server.holding(first("solo"));
    const error = await rejection(witness.change(handOver("operator")));
    if (!(error instanceof WitnessRefused)) throw error;
    expect(error.refusal).to.equal("solo-needs-consent");
    expect(error.current).to.deep.equal(first("solo"));
    expect(await witness.read()).to.deep.equal(first("solo"));
  });

  it("counts a change that its asker has already made as made", async () => {
    const { witness } = await server.holding(first("paired"));
    const once = await witness.change(handOver("operator"));
    expect(await witness.change(handOver("operator"))).to.deep.equal(once);
    expect((await witness.inspect()).revision).to.equal(2);
  });

  it("refuses the same change to another asker", async () => {
    const { witness } = await server.holding(first("paired"));
    await witness.change(handOver("operator"));
    const error = await rejection(witness.change(handOver("another operator")));
    expect(error).to.be.instanceOf(WitnessRefused).and.have.property("refusal", "stale-epoch");
  });
});

describe("a request to the witness whose fate is unknown", () => {
  let server: WitnessServer;
  let path: LossyPath;
  before(async () => {
    server = await WitnessServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    path = await LossyPath.to(server.endpoint);
  });
  afterEach(() => path.close());

  const through = (table: string): DynamoWitness =>
    new DynamoWitness({ table, region: REGION, endpoint: path.endpoint, timeout: seconds(1) });

  it("is settled by reading, and recognised as its own when it was made", async () => {
    const { table, witness } = await server.holding(first("paired"));
    path.fate = (operation) => (operation === "PutItem" ? "answer-lost" : "passes");
    expect(await through(table).change(handOver("operator"))).to.include({ epoch: 2, changedBy: "operator" });
    expect(path.seen).to.deep.equal(["GetItem", "PutItem", "GetItem"]);
    expect((await witness.inspect()).revision).to.equal(2);
  });

  it("is settled by reading before it is made again when it was not", async () => {
    const { table } = await server.holding(first("paired"));
    path.fate = (operation, nth) => (operation === "PutItem" && nth === 1 ? "request-lost" : "passes");
    expect(await through(table).change(handOver("operator"))).to.include({ epoch: 2, changedBy: "operator" });
    expect(path.seen).to.deep.equal(["GetItem", "PutItem", "GetItem", "PutItem"]);
  });

  it("is not made again when somebody else's change came first", async () => {
    const { table, witness } = await server.holding(first("paired"));
    path.fate = (operation) => {
      if (operation !== "PutItem") return "passes";
      void witness.change(goSolo);
      return "request-lost";
    };
    const error = await rejection(through(table).change(handOver("operator")));
    expect(error).to.be.instanceOf(WitnessRefused).and.have.property("refusal", "solo-needs-consent");
    expect(path.seen.filter((operation) => operation === "PutItem")).to.have.length(1);
  });

  it("is reported as unknown when nobody can be asked any more", async () => {
    const { table, witness } = await server.holding(first("paired"));
    path.fate = (operation, nth) => {
      if (operation === "PutItem") return "answer-lost";
      return nth === 1 ? "passes" : "request-lost";
    };
    const error = await rejection(through(table).change(handOver("operator")));
    expect(error).to.be.instanceOf(WitnessUnreachable);
    expect(await witness.read(), "made, though nobody was told").to.include({ changedBy: "operator" });
  });

  it("does nothing when it arrives late, at a record that only looks like the one it was meant for", async () => {
    const { table, witness } = await server.holding(first("solo"));
    const late = itemOf({
      ...(await witness.inspect()),
      record: { ...first("paired"), changedBy: "gateway-0" },
    });
    const stood = await witness.inspect();
    await witness.change(pair);
    await witness.change({ ...goSolo, by: "bootstrap" });
    expect(await witness.read(), "the record looks as it did").to.deep.equal(first("solo"));

    const client = new DynamoDBClient({
      region: REGION,
      endpoint: server.endpoint,
      credentials: labCredentials,
    });
    const error = await rejection(
      client.send(new PutItemCommand({ TableName: table, Item: late, ...unchangedSince(stood) })),
    );
    client.destroy();
    expect(error).to.have.property("name", "ConditionalCheckFailedException");
    expect(await witness.read()).to.deep.equal(first("solo"));
  });
});

describe("a witness that cannot serve", () => {
  let server: WitnessServer;
  let client: DynamoDBClient;
  before(async () => {
    server = await WitnessServer.start();
    client = new DynamoDBClient({ region: REGION, endpoint: server.endpoint, credentials: labCredentials });
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  it("is unreachable when nobody listens, and says where it looked", async () => {
    const gone = new DynamoWitness({ table: "witness", region: REGION, endpoint: "http://127.0.0.1:1" });
    const error = await rejection(gone.read());
    expect(error).to.be.instanceOf(WitnessUnreachable);
    expect(String(error)).to.match(/table "witness" in eu-west-3 \(http:\/\/127\.0\.0\.1:1\).*ECONNREFUSED/);
  });

  it("is unreachable, soon, when it takes the request and answers nothing", async () => {
    const { table } = await server.holding(first("paired"));
    const path = await LossyPath.to(server.endpoint);
    path.fate = () => "request-lost";
    const options = { table, region: REGION, endpoint: path.endpoint, timeout: seconds(1) };
    expect(await rejection(new DynamoWitness(options).change(goSolo))).to.be.instanceOf(WitnessUnreachable);
    expect(path.seen, "a read is asked for twice, and nothing is written").to.deep.equal([
      "GetItem",
      "GetItem",
    ]);
    await path.close();
  });

  it("misses its table, or its record, by name", async () => {
    const noTable = await rejection(server.witness("nowhere").read());
    expect(noTable).to.be.instanceOf(WitnessRecordMissing);
    expect(String(noTable)).to.contain('table "nowhere"');
    const noRecord = await rejection(server.witness(await server.table()).change(goSolo));
    expect(noRecord).to.be.instanceOf(WitnessRecordMissing);
  });

  const good = itemOf({ revision: 1, changedAt: 1, record: first("paired") });
  const foreign: [string, Record<string, AttributeValue>, RegExp][] = [
    ["a region that holds no cell", { activeRegion: { S: "us-east-1" } }, /activeRegion.*us-east-1/s],
    ["no epoch at all", { epoch: { NULL: true } }, /epoch: must be a number/],
    ["an epoch below one", { epoch: { N: "0" } }, /epoch: /],
    ["half an epoch", { epoch: { N: "1.5" } }, /epoch: /],
    ["a mode nobody knows", { mode: { S: "split-brain" } }, /mode: .*split-brain/s],
    ["the epoch as a text", { epoch: { S: "1" } }, /epoch: must be a number/],
    ["no author", { changedBy: { S: "" } }, /changedBy: /],
    ["no revision", { revision: { S: "x" } }, /revision: must be a number/],
  ];
  for (const [what, change, mistake] of foreign)
    it(`refuses a record from another world: ${what}, and changes nothing`, async () => {
      const table = await server.table();
      await client.send(new PutItemCommand({ TableName: table, Item: { ...good, ...change } }));
      for (const ask of [server.witness(table).read(), server.witness(table).change(goSolo)]) {
        const error = await rejection(ask);
        expect(error).to.be.instanceOf(WitnessRecordInvalid);
        expect(String(error)).to.match(mistake).and.contain("point the configuration at the right table");
      }
    });

  it("refuses a table that is not the witness's", async () => {
    await client.send(
      new CreateTableCommand({
        TableName: "somebody-elses",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    await waitUntilTableExists(
      { client, maxWaitTime: 5, minDelay: 0.05, maxDelay: 0.2 },
      { TableName: "somebody-elses" },
    );
    await client.send(new PutItemCommand({ TableName: "somebody-elses", Item: { pk: { N: "1" } } }));
    expect(await rejection(server.witness("somebody-elses").read())).to.be.instanceOf(WitnessRecordInvalid);
  });

  it("cannot be one off this machine while it has an endpoint", () => {
    const options = {
      table: "witness",
      region: REGION,
      endpoint: "https://dynamodb.eu-west-3.amazonaws.com",
    };
    expect(() => new DynamoWitness(options)).to.throw(/not on this machine/);
  });
});
