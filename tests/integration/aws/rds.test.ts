import {
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  paginateDescribeGlobalClusters,
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

  describe("DescribeGlobalClusters", () => {
    it("tells the members, who writes, who reads and who is synchronized", async () => {
      expect(await described()).to.deep.include({
        GlobalClusterIdentifier: "castle-lab",
        GlobalClusterArn: identifiers.globalClusterArn,
        Status: "available",
        Engine: "aurora-postgresql",
        EngineVersion: "15.14",
        GlobalClusterMembers: [
          {
            DBClusterArn: home.clusterArn,
            IsWriter: true,
            Readers: [peer.clusterArn],
            SynchronizationStatus: "connected",
          },
          {
            DBClusterArn: peer.clusterArn,
            IsWriter: false,
            Readers: [],
            GlobalWriteForwardingStatus: "disabled",
            SynchronizationStatus: "connected",
          },
        ],
      });
      expect(await described()).not.to.have.property("FailoverState");
    });

    for (const [what, state] of [
      ["does not stream", { replicationLagMs: null }],
      ["cannot be reached", { reachable: false }],
    ] as const)
      it(`shows a reader that ${what} as pending-resync`, async () => {
        aws.cells.setDatabase(peerRegion, state);
        const { GlobalClusterMembers: members = [] } = await described();
        expect(members.map((member) => member.SynchronizationStatus)).to.deep.equal([
          "connected",
          "pending-resync",
        ]);
      });

    it("is answered in every region, also in the witness's, and without an identifier", async () => {
      expect(await described(witnessRegion)).to.include({ Status: "available" });
      const { GlobalClusters } = await aws.rds(homeRegion).send(new DescribeGlobalClustersCommand({}));
      expect(GlobalClusters).to.have.length(1);
    });

    it("finds its cluster in any case of letters, and refuses one it does not have", async () => {
      const any = (GlobalClusterIdentifier: string) =>
        aws.rds(homeRegion).send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
      expect((await any("CASTLE-Lab")).GlobalClusters).to.have.length(1);
      expect(await faultOf(any("other"))).to.include({
        name: "GlobalClusterNotFoundFault",
        code: "GlobalClusterNotFoundFault",
        status: 404,
      });
    });

    it("filters by region, and refuses a filter that AWS does not have", async () => {
      const filtered = (Name: string, ...Values: string[]) =>
        aws.rds(homeRegion).send(new DescribeGlobalClustersCommand({ Filters: [{ Name, Values }] }));
      expect((await filtered("region", "us-east-1", peerRegion)).GlobalClusters).to.have.length(1);
      expect((await filtered("region", witnessRegion)).GlobalClusters).to.deep.equal([]);
      expect(await faultOf(filtered("engine", "aurora"))).to.include({
        name: "InvalidParameterValue",
        status: 400,
        message: "Unrecognized filter name: engine; supported: region",
      });
    });

    it("pages as the SDK's paginator asks, and refuses a page size or marker that is not AWS's", async () => {
      const client = aws.rds(homeRegion);
      const pages: (number | undefined)[] = [];
      for await (const page of paginateDescribeGlobalClusters({ client, pageSize: 20 }, {}))
        pages.push(page.GlobalClusters?.length);
      expect(pages).to.deep.equal([1]);
      for (const MaxRecords of [19, 101])
        expect(await faultOf(client.send(new DescribeGlobalClustersCommand({ MaxRecords })))).to.include({
          name: "InvalidParameterValue",
          message: `Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`,
        });
      expect(await faultOf(client.send(new DescribeGlobalClustersCommand({ Marker: "x" })))).to.include({
        name: "InvalidParameterValue",
        message: "Invalid marker: x",
      });
    });
  });

  describe("DescribeDBClusters", () => {
    const clusters = async (region: RegionName, input = {}) =>
      (await aws.rds(region).send(new DescribeDBClustersCommand(input))).DBClusters ?? [];

    it("tells the region's own cluster, with the real server's address and version", async () => {
      const [cluster, ...more] = await clusters(homeRegion);
      expect(more).to.deep.equal([]);
      expect(cluster).to.deep.include({
        DBClusterIdentifier: home.clusterIdentifier,
        DBClusterArn: home.clusterArn,
        GlobalClusterIdentifier: "castle-lab",
        Status: "available",
        Endpoint: "127.0.0.1",
        Port: 15_432,
        EngineVersion: "15.14",
        ReadReplicaIdentifiers: [peer.clusterArn],
        DBClusterMembers: [
          { DBInstanceIdentifier: home.instanceIdentifier, IsClusterWriter: true, PromotionTier: 1 },
        ],
      });
    });

    it("tells a reader's source, and what its server does", async () => {
      aws.cells.setDatabase(peerRegion, { status: "starting", reachable: false, replicationLagMs: null });
      const [cluster] = await clusters(peerRegion);
      expect(cluster).to.include({ Status: "starting", ReplicationSourceIdentifier: home.clusterArn });
    });

    it("has none in the witness's region", async () => {
      expect(await clusters(witnessRegion)).to.deep.equal([]);
    });

    it("finds a cluster by identifier or ARN in its own region, and nowhere else", async () => {
      for (const DBClusterIdentifier of [peer.clusterIdentifier, peer.clusterArn]) {
        expect(await clusters(peerRegion, { DBClusterIdentifier })).to.have.length(1);
        expect(await faultOf(clusters(homeRegion, { DBClusterIdentifier }))).to.include({
          name: "DBClusterNotFoundFault",
          status: 404,
        });
      }
    });

    it("filters by what AWS filters by", async () => {
      const filtered = (Name: string, Value: string) =>
        clusters(peerRegion, { Filters: [{ Name, Values: [Value] }] });
      expect(await filtered("db-cluster-id", peer.clusterArn)).to.have.length(1);
      expect(await filtered("db-cluster-id", home.clusterArn)).to.have.length(0);
      expect(await filtered("db-cluster-resource-id", peer.clusterResourceId)).to.have.length(1);
      expect(await filtered("engine", "mysql")).to.have.length(0);
    });
  });

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
      aws.cells.setDatabase(peerRegion, { status: "stopped", reachable: false });
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
      ["the reader cannot be reached", peerRegion, { reachable: false }, "InvalidDBClusterStateFault"],
      ["the writer cannot be reached", homeRegion, { reachable: false }, "InvalidDBClusterStateFault"],
    ] as const)
      it(`is refused while ${what}`, async () => {
        aws.cells.setDatabase(region, state);
        expect(await faultOf(aws.rds(homeRegion).send(switchoverToPeer))).to.include({ name, status: 400 });
        expect(aws.cells.asked).to.have.length(0);
      });
  });
});
