import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { PeerLink } from "../../../../infra/cell/network/peer-link.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

const ROUTE = "aws:ec2/route:Route";
const ASKS = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const ACCEPTS = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter";

const network = () => ({
  vpcId: output("vpc-own"),
  routeTableIds: { private: output(["p1", "p2", "p3"]), data: output(["d1", "d2", "d3"]) },
});
const build = (context: CellContext): Promise<Recording> =>
  record(() => new PeerLink("link", { context, network: network() }));

const routesIn = (recording: Recording) =>
  recording.ofType(ROUTE).map(({ inputs }) => `${inputs["routeTableId"]} ${inputs["destinationCidrBlock"]}`);

describe("the link to the peer", () => {
  it("is asked for by the peer cell, of the home cell's VPC, by what the settings tell of it", async () => {
    const recording = await build(contextOf("dr"));
    const connection = recording.one(ASKS);
    expect(connection.inputs).to.deep.include({
      vpcId: "vpc-own",
      peerVpcId: "vpc-0a1b2c3d4e5f60001",
      peerRegion: "eu-west-1",
      peerOwnerId: "111122223333",
      autoAccept: false,
    });
    expect(connection.protect).to.equal(true);
    expect(recording.ofType(ACCEPTS)).to.deep.equal([]);
  });

  it("is accepted by the home cell, by the id that the peer's stack told", async () => {
    const recording = await build(contextOf("prd"));
    const accepted = recording.one(ACCEPTS);
    expect(accepted.inputs).to.deep.include({
      vpcPeeringConnectionId: "pcx-0a1b2c3d4e5f60001",
      autoAccept: true,
    });
    expect(accepted.protect).to.equal(true);
    expect(recording.ofType(ASKS)).to.deep.equal([]);
    for (const { inputs } of recording.ofType(ROUTE))
      expect(inputs["vpcPeeringConnectionId"]).to.equal("pcx-0a1b2c3d4e5f60001");
  });

  it("leads from the private tier to the peer's data and private tiers, and back, and nowhere else", async () => {
    const zones = ["32", "96", "160"].map((third) => `10.20.${third}.0/23`);
    const nodes = ["0", "64", "128"].map((third) => `10.20.${third}.0/19`);
    expect(routesIn(await build(contextOf("prd")))).to.have.members([
      ...["p1", "p2", "p3"].flatMap((table) => [...zones, ...nodes].map((range) => `${table} ${range}`)),
      ...["d1", "d2", "d3"].flatMap((table) => nodes.map((range) => `${table} ${range}`)),
    ]);
  });

  it("is refused to a cell that stands alone", async () => {
    const error = await build(contextOf("stg")).catch(String);
    expect(error).to.include("stack stg has no peer").and.include("castle:peer");
  });
});
