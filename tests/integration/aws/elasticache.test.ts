import {
  DescribeGlobalReplicationGroupsCommand,
  FailoverGlobalReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import { homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

const { globalReplicationGroupId: GlobalReplicationGroupId } = identifiers;
const groupOf = (region: typeof homeRegion) => identifiers.cell(region).replicationGroupId;
const toPeer = {
  GlobalReplicationGroupId,
  PrimaryRegion: peerRegion,
  PrimaryReplicationGroupId: groupOf(peerRegion),
};

describe("the lab's ElastiCache", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const described = async (region: string = peerRegion) => {
    const show = { GlobalReplicationGroupId, ShowMemberInfo: true };
    const answer = await aws.elastiCache(region).send(new DescribeGlobalReplicationGroupsCommand(show));
    const [datastore] = answer.GlobalReplicationGroups ?? [];
    return datastore ?? expect.fail("no global datastore described");
  };
  const failover = (input: Partial<Record<keyof typeof toPeer, string>> = {}, region: string = peerRegion) =>
    aws.elastiCache(region).send(new FailoverGlobalReplicationGroupCommand({ ...toPeer, ...input }));

  describe("DescribeGlobalReplicationGroups", () => {
    it("tells the datastore and its members' roles", async () => {
      expect(await described()).to.deep.include({
        GlobalReplicationGroupId,
        ARN: identifiers.globalReplicationGroupArn,
        Status: "available",
        Engine: "redis",
        EngineVersion: "7.0.15",
        Members: [
          {
            ReplicationGroupId: groupOf(homeRegion),
            ReplicationGroupRegion: homeRegion,
            Role: "PRIMARY",
            AutomaticFailover: "disabled",
            Status: "associated",
          },
          {
            ReplicationGroupId: groupOf(peerRegion),
            ReplicationGroupRegion: peerRegion,
            Role: "SECONDARY",
            AutomaticFailover: "disabled",
            Status: "associated",
          },
        ],
      });
    });

    it("lists members only when asked", async () => {
      const client = aws.elastiCache(homeRegion);
      const { GlobalReplicationGroups: [datastore] = [] } = await client.send(
        new DescribeGlobalReplicationGroupsCommand({}),
      );
      expect(datastore).to.include({ GlobalReplicationGroupId });
      expect(datastore).not.to.have.property("Members");
    });

    it("refuses a datastore it does not have, a page size out of bounds and a foreign marker", async () => {
      const fault = (input: object) =>
        faultOf(aws.elastiCache(homeRegion).send(new DescribeGlobalReplicationGroupsCommand(input)));
      expect(await fault({ GlobalReplicationGroupId: "other" })).to.include({
        name: "GlobalReplicationGroupNotFoundFault",
        status: 404,
      });
      expect(await fault({ MaxRecords: 5 })).to.include({
        name: "InvalidParameterValueException",
        code: "InvalidParameterValue",
        status: 400,
      });
      expect(await fault({ Marker: "x" })).to.include({ name: "InvalidParameterValueException" });
    });
  });

  describe("FailoverGlobalReplicationGroup", () => {
    for (const region of [homeRegion, peerRegion])
      it(`is taken in ${region}, answers at once, and is done only when the real promotion is`, async () => {
        const { GlobalReplicationGroup } = await failover({}, region);
        expect(GlobalReplicationGroup).to.include({ Status: "modifying" });
        expect(aws.cells.promotion).to.include({ what: "failoverCache", to: peerRegion });
        const during = await described(region);
        expect(during.Status).to.equal("modifying");
        expect(during.Members?.map(({ Role }) => Role)).to.deep.equal(["PRIMARY", "SECONDARY"]);

        aws.cells.promotion.finish();
        const after = await described(region);
        expect(after.Status).to.equal("available");
        expect(after.Members?.map(({ Role }) => Role)).to.deep.equal(["SECONDARY", "PRIMARY"]);
      });

    it("needs nothing of the lost primary's region", async () => {
      aws.cells.lose(homeRegion);
      await failover();
      aws.cells.promotion.finish();
      expect((await described()).Members?.map(({ Role }) => Role)).to.deep.equal(["SECONDARY", "PRIMARY"]);
    });

    it("leaves the primary where it is when the real promotion fails", async () => {
      await failover();
      aws.cells.promotion.fail("READONLY");
      expect(await described()).to.include({ Status: "available" });
      expect(aws.events).to.deep.include({
        kind: "change-ended",
        change: "cache-failover",
        to: peerRegion,
        failure: "READONLY",
      });
    });

    it("refuses another failover until this one is done", async () => {
      await failover();
      expect(await faultOf(failover())).to.include({
        name: "InvalidGlobalReplicationGroupStateFault",
        code: "InvalidGlobalReplicationGroupState",
        status: 400,
      });
    });

    for (const [what, input] of [
      ["a region without a member", { PrimaryRegion: witnessRegion }],
      ["a member of another region", { PrimaryReplicationGroupId: groupOf(homeRegion) }],
      ["the primary itself", { PrimaryRegion: homeRegion, PrimaryReplicationGroupId: groupOf(homeRegion) }],
    ] as const)
      it(`refuses ${what}`, async () => {
        expect(await faultOf(failover(input))).to.include({
          name: "InvalidParameterValueException",
          status: 400,
        });
        expect(aws.cells.asked).to.have.length(0);
      });

    it("refuses a datastore it does not have, and a member that cannot be promoted", async () => {
      expect(await faultOf(failover({ GlobalReplicationGroupId: "x" }))).to.include({
        name: "GlobalReplicationGroupNotFoundFault",
        status: 404,
      });
      aws.cells.setCache(peerRegion, { reachability: "unreachable" });
      expect(await faultOf(failover())).to.include({ name: "InvalidGlobalReplicationGroupStateFault" });
    });

    it("names a parameter that is missing", async () => {
      const { PrimaryRegion: _, ...rest } = toPeer;
      const command = new FailoverGlobalReplicationGroupCommand({ ...rest, PrimaryRegion: undefined });
      expect(await faultOf(aws.elastiCache(peerRegion).send(command))).to.include({
        name: "MissingParameter",
        message: "The request must contain the parameter PrimaryRegion",
      });
    });
  });

  it("is in the cells' regions only", async () => {
    expect(await faultOf(described(witnessRegion))).to.include({
      name: "SignatureDoesNotMatch",
      status: 403,
    });
  });
});
