import { witnessRegion } from "@castle/regions/catalogue.ts";
import { WITNESS_KEY } from "@castle/regions/witness/table.ts";
import { services } from "@castle/services/catalogue.ts";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { Edge } from "../../../../infra/global/edge.ts";
import { WitnessTable } from "../../../../infra/global/witness-table.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

describe("the edge", () => {
  let edge: Recording;
  before(async () => {
    edge = await record(
      () => {
        const accelerator = new aws.Provider("accelerator", { region: "us-west-2" });
        new Edge("edge", { context: contextOf("prd"), accelerator, logsBucket: "logs" });
      },
      { preview: true },
    );
  });

  it("listens on the ports of the catalogue, and on none between them", () => {
    const { inputs } = edge.one("aws:globalaccelerator/listener:Listener");
    const ports = services.flatMap(({ edgePort }) => edgePort ?? []);
    expect(ports).not.to.deep.equal([]);
    expect(inputs["portRanges"]).to.deep.equal(ports.map((port) => ({ fromPort: port, toPort: port })));
    expect(inputs).to.deep.include({ protocol: "TCP", clientAffinity: "NONE" });
  });

  it("keeps its flow logs", () => {
    expect(edge.one("aws:globalaccelerator/accelerator:Accelerator").inputs["attributes"]).to.deep.equal({
      flowLogsEnabled: true,
      flowLogsS3Bucket: "logs",
      flowLogsS3Prefix: "accelerator",
    });
  });

  it("has no endpoint group: each cell's stack makes its own, with the other out of reach", () => {
    expect(edge.ofType("aws:globalaccelerator/endpointGroup:EndpointGroup")).to.deep.equal([]);
  });
});

describe("the witness's table", () => {
  const tableOf = (stack: string) =>
    record(
      () => {
        const witness = new aws.Provider("witness", { region: witnessRegion });
        new WitnessTable("witness", { context: contextOf(stack), witness });
      },
      { preview: true },
    );

  it("has the key that the witness's protocol reads by", async () => {
    const { inputs, provider } = (await tableOf("prd")).one("aws:dynamodb/table:Table");
    expect(inputs).to.deep.include({
      name: "castle-production-witness",
      hashKey: WITNESS_KEY,
      attributes: [{ name: WITNESS_KEY, type: "S" }],
      billingMode: "PAY_PER_REQUEST",
    });
    expect(inputs["rangeKey"]).to.equal(undefined);
    expect(provider).to.include("::witness::");
  });

  it("is encrypted with a key of its own region, can be brought back to any second, and is not deleted by mistake", async () => {
    const { inputs, protect } = (await tableOf("prd")).one("aws:dynamodb/table:Table");
    expect(inputs["serverSideEncryption"]).to.deep.include({ enabled: true });
    expect(inputs).to.deep.include({
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    });
    expect(protect).to.equal(true);
  });

  it("is one table in one region: a replica could be written beside it", async () => {
    const { inputs } = (await tableOf("prd")).one("aws:dynamodb/table:Table");
    expect(inputs["replicas"] ?? []).to.deep.equal([]);
    expect(inputs["streamEnabled"] ?? false).to.equal(false);
  });

  it("refuses every way to change a record but putting it, and refuses neither reading nor putting", async () => {
    const { inputs } = (await tableOf("prd")).one("aws:dynamodb/resourcePolicy:ResourcePolicy");
    const { Statement } = JSON.parse(inputs["policy"] as string);
    const [{ Effect, Principal, Action, Resource }] = Statement;
    expect({ Effect, Principal }).to.deep.equal({ Effect: "Deny", Principal: "*" });
    expect(Action).to.include.members(["dynamodb:DeleteItem", "dynamodb:UpdateItem"]);
    for (const allowed of ["dynamodb:PutItem", "dynamodb:GetItem"]) expect(Action).not.to.include(allowed);
    expect(Resource).to.deep.equal([
      "arn:aws:dynamodb:eu-west-3:111122223333:table/castle-production-witness",
    ]);
  });
});
