import { adminCidr, regionNames, regions } from "@castle/regions/catalogue.ts";
import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import { AdminVpc } from "../../../../infra/cell/network/admin-vpc.ts";
import { overlap, parseCidr } from "../../../../infra/cell/network/cidr.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests, vpcOutputs } from "../support/made-up.ts";
import { type Recording, record } from "../support/recorded.ts";

const cell = layOutSubnets(regions["eu-west-1"].cidr);
const build = (stack: string): Promise<Recording> =>
  record(
    () =>
      new AdminVpc("admin", {
        context: contextOf(stack),
        keys: keyOfTests,
        network: {
          vpcId: output("vpc-cell"),
          ranges: cell,
          routeTableIds: { private: output(["c1", "c2", "c3"]), data: output(["d1", "d2", "d3"]) },
        },
      }),
    { outputs: vpcOutputs },
  );

describe("the VPC for administration", () => {
  let admin: Recording;

  before(async () => {
    admin = await build("prd");
  });

  it("meets no region's range, so that it may be peered with any", () => {
    for (const name of regionNames)
      expect(overlap(parseCidr(adminCidr), parseCidr(regions[name].cidr)), name).to.equal(false);
  });

  it("has tiers of its own, a record of its traffic, and one way out", () => {
    expect(admin.one("awsx:ec2:Vpc").inputs).to.deep.include({
      cidrBlock: adminCidr,
      natGateways: { strategy: "Single" },
    });
    expect(admin.one("aws:ec2/flowLog:FlowLog").inputs["vpcId"]).to.equal("admin-vpc");
  });

  it("sees the cell's private tier and is answered by it, and reaches no store", () => {
    const routes = admin.ofType("aws:ec2/route:Route").map(({ inputs }) => inputs);
    expect(routes).to.have.lengthOf(18);
    for (const { routeTableId, destinationCidrBlock } of routes) {
      expect(String(routeTableId)).to.match(/^(rtb-private-|c)\d$/);
      const range = parseCidr(String(destinationCidrBlock));
      for (const data of cell.data) expect(overlap(range, parseCidr(data))).to.equal(false);
    }
  });

  it("is no peer cell's", async () => {
    const error = await build("dr").catch(String);
    expect(error).to.include("is not the home cell's");
  });
});
