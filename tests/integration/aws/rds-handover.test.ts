import {
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { homeRegion, peerRegion, type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

const home = identifiers.cell(homeRegion);
const peer = identifiers.cell(peerRegion);
const globalCluster = { GlobalClusterIdentifier: identifiers.globalClusterIdentifier };
const failoverToPeer = new FailoverGlobalClusterCommand({
  ...globalCluster,
  TargetDbClusterIdentifier: peer.clusterArn,
  AllowDataLoss: true,
});
const switchoverToPeer = new SwitchoverGlobalClusterCommand({
  ...globalCluster,
  TargetDbClusterIdentifier: peer.clusterArn,
});

describe("the lab's RDS", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const described = async (region: string = peerRegion) => {
    const answer = await aws.rds(region).send(new DescribeGlobalClustersCommand(globalCluster));
    const [cluster] = answer.GlobalClusters ?? [];
    return cluster ?? expect.fail("no global cluster described");
  };
  const writerArn = async () =>
    (await described()).GlobalClusterMembers?.filter(({ IsWriter }) => IsWriter).map((m) => m.DBClusterArn);

  describe("FailoverGlobalCluster", () => {
    it("answers at once, and is done only when the real promotion is", async () => {
      const { GlobalCluster } = await aws.rds(peerRegion).send(failoverToPeer);
      expect(GlobalCluster).to.deep.include({
        Status: "failing-over",
        FailoverState: {
          Status: "failing-over",
          FromDbClusterArn: home.clusterArn,
          ToDbClusterArn: peer.clusterArn,
          IsDataLossAllowed: true,
        },
      });
      expect(aws.cells.promotion).to.include({ what: "failoverDatabase", to: peerRegion });
      expect(await described()).to.include({ Status: "failing-over" });
      expect(await writerArn()).to.deep.equal([home.clusterArn]);
      const [promoting] =
        (await aws.rds(peerRegion).send(new DescribeDBClustersCommand({}))).DBClusters ?? [];
      expect(promoting).to.include({ Status: "promoting" });

      aws.cells.promotion.finish();
      const after = await described();
      expect(after).to.include({ Status: "available" });
      expect(after).not.to.have.property("FailoverState");
      expect(await writerArn()).to.deep.equal([peer.clusterArn]);
      expect(aws.events.filter(({ kind }) => kind === "change-ended")).to.deep.equal([
        { kind: "change-ended", change: "database-failover", to: peerRegion, failure: null },
      ]);
    });

    it("shows the new writer as available as soon as it is one", async () => {
      await aws.rds(peerRegion).send(failoverToPeer);
      aws.cells.setDatabase(homeRegion, { role: "reader" });
      aws.cells.setDatabase(peerRegion, { role: "writer" });
      const { DBClusters: [cluster] = [] } = await aws
        .rds(peerRegion)
        .send(new DescribeDBClustersCommand({}));
      expect(cluster).to.include({ Status: "available" });
      aws.cells.promotion.finish();
    });

    it("needs nothing of the lost writer's region", async () => {
      aws.cells.lose(homeRegion);
      await aws.rds(peerRegion).send(failoverToPeer);
      aws.cells.promotion.finish();
      const { GlobalClusterMembers: members = [] } = await described();
      expect(members.map((m) => [m.DBClusterArn, m.IsWriter, m.SynchronizationStatus])).to.deep.equal([
        [home.clusterArn, false, "pending-resync"],
        [peer.clusterArn, true, "connected"],
      ]);
    });

    it("leaves the writer where it is when the real promotion fails, and says why", async () => {
      await aws.rds(peerRegion).send(failoverToPeer);
      aws.cells.promotion.fail("pg_promote timed out");
      expect(await described()).to.include({ Status: "available" });
      expect(await writerArn()).to.deep.equal([home.clusterArn]);
      expect(aws.events).to.deep.include({
        kind: "change-ended",
        change: "database-failover",
        to: peerRegion,
        failure: "pg_promote timed out",
      });
      await aws.rds(peerRegion).send(failoverToPeer);
      expect(aws.cells.asked).to.have.length(1);
    });

    it("lets one of two calls at the same moment win", async () => {
      const calls = await Promise.allSettled([
        aws.rds(peerRegion).send(failoverToPeer),
        aws.rds(peerRegion).send(failoverToPeer),
      ]);
      expect(calls.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
      expect(aws.cells.asked).to.have.length(1);
    });

    it("refuses another handover until this one is done", async () => {
      await aws.rds(peerRegion).send(failoverToPeer);
      const faults = await Promise.all([
        faultOf(aws.rds(peerRegion).send(failoverToPeer)),
        faultOf(aws.rds(homeRegion).send(switchoverToPeer)),
      ]);
      for (const fault of faults)
        expect(fault).to.include({ name: "InvalidGlobalClusterStateFault", status: 400 });
      aws.cells.promotion.finish();
      expect(aws.cells.asked).to.have.length(0);
    });

    it("is a switchover without AllowDataLoss, with or without Switchover", async () => {
      for (const Switchover of [undefined, true]) {
        const input = { ...globalCluster, TargetDbClusterIdentifier: peer.clusterArn, Switchover };
        const { GlobalCluster } = await aws.rds(homeRegion).send(new FailoverGlobalClusterCommand(input));
        expect(GlobalCluster).to.include({ Status: "switching-over" });
        expect(aws.cells.promotion.what).to.equal("switchoverDatabase");
        aws.cells.promotion.fail("not this time");
      }
    });

    it("refuses both flags together", async () => {
      const both = new FailoverGlobalClusterCommand({ ...failoverToPeer.input, Switchover: true });
      expect(await faultOf(aws.rds(peerRegion).send(both))).to.include({
        name: "InvalidParameterCombination",
        status: 400,
      });
    });

    it("must be called in the region of the secondary", async () => {
      for (const region of [homeRegion, witnessRegion]) {
        const fault = await faultOf(aws.rds(region).send(failoverToPeer));
        expect(fault).to.include({ name: "InvalidGlobalClusterStateFault", status: 400 });
        expect(fault.message).to.include(peerRegion).and.include(region);
      }
      expect(aws.cells.asked).to.have.length(0);
    });

    it("takes the bare identifier of a cluster in its own region", async () => {
      const input = { ...failoverToPeer.input, TargetDbClusterIdentifier: peer.clusterIdentifier };
      await aws.rds(peerRegion).send(new FailoverGlobalClusterCommand(input));
      expect(aws.cells.promotion.to).to.equal(peerRegion);
    });

    it("refuses a target that is the writer, is not there, or cannot be promoted", async () => {
      const to = (TargetDbClusterIdentifier: string, region: RegionName) =>
        aws
          .rds(region)
          .send(new FailoverGlobalClusterCommand({ ...failoverToPeer.input, TargetDbClusterIdentifier }));
      expect(await faultOf(to(home.clusterArn, homeRegion))).to.include({
        name: "InvalidGlobalClusterStateFault",
      });
      expect(await faultOf(to("arn:aws:rds:eu-west-3:000000000000:cluster:x", peerRegion))).to.include({
        name: "DBClusterNotFoundFault",
        status: 404,
      });
      aws.cells.setDatabase(peerRegion, { status: "stopped", reachability: "unreachable" });
      expect(await faultOf(to(peer.clusterArn, peerRegion))).to.include({
        name: "InvalidDBClusterStateFault",
        status: 400,
        message: `${peer.clusterArn} is stopped, it must be available`,
      });
    });

    it("refuses a global cluster it does not have", async () => {
      const other = new FailoverGlobalClusterCommand({
        ...failoverToPeer.input,
        GlobalClusterIdentifier: "x",
      });
      expect(await faultOf(aws.rds(peerRegion).send(other))).to.include({
        name: "GlobalClusterNotFoundFault",
        status: 404,
      });
    });

    it("names a parameter that is missing", async () => {
      const bare = new FailoverGlobalClusterCommand({
        ...globalCluster,
        TargetDbClusterIdentifier: undefined,
      });
      expect(await faultOf(aws.rds(peerRegion).send(bare))).to.include({
        name: "MissingParameter",
        status: 400,
        message: "The request must contain the parameter TargetDbClusterIdentifier",
      });
    });
  });

  describe("SwitchoverGlobalCluster", () => {
    it("swaps the roles once the real servers have", async () => {
      const { GlobalCluster } = await aws.rds(homeRegion).send(switchoverToPeer);
      expect(GlobalCluster).to.deep.include({
        Status: "switching-over",
        FailoverState: {
          Status: "switching-over",
          FromDbClusterArn: home.clusterArn,
          ToDbClusterArn: peer.clusterArn,
          IsDataLossAllowed: false,
        },
      });
      expect(aws.cells.promotion).to.include({ what: "switchoverDatabase", to: peerRegion });
      aws.cells.promotion.finish();

      const { Status, GlobalClusterMembers: members = [] } = await described();
      expect(Status).to.equal("available");
      expect(members.map((m) => [m.IsWriter, m.SynchronizationStatus])).to.deep.equal([
        [false, "connected"],
        [true, "connected"],
      ]);
    });

    it("goes back the same way", async () => {
      await aws.rds(homeRegion).send(switchoverToPeer);
      aws.cells.promotion.finish();
      const back = { ...globalCluster, TargetDbClusterIdentifier: home.clusterArn };
      await aws.rds(peerRegion).send(new SwitchoverGlobalClusterCommand(back));
      aws.cells.promotion.finish();
      expect(await writerArn()).to.deep.equal([home.clusterArn]);
    });

    it("must be called in the region of the writer", async () => {
      const fault = await faultOf(aws.rds(peerRegion).send(switchoverToPeer));
      expect(fault).to.include({ name: "InvalidGlobalClusterStateFault", status: 400 });
      expect(fault.message).to.include(`in the region of the writer, ${homeRegion}`);
    });

    for (const [what, region, state, name] of [
      [
        "the reader does not stream",
        peerRegion,
        { replicationLagMs: null },
        "InvalidGlobalClusterStateFault",
      ],
      [
        "the reader cannot be reached",
        peerRegion,
        { reachability: "unreachable" },
        "InvalidDBClusterStateFault",
      ],
      [
        "the writer cannot be reached",
        homeRegion,
        { reachability: "unreachable" },
        "InvalidDBClusterStateFault",
      ],
    ] as const)
      it(`is refused while ${what}`, async () => {
        aws.cells.setDatabase(region, state);
        expect(await faultOf(aws.rds(homeRegion).send(switchoverToPeer))).to.include({ name, status: 400 });
        expect(aws.cells.asked).to.have.length(0);
      });
  });
});
