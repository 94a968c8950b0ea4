import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  paginateDescribeGlobalClusters,
} from "@aws-sdk/client-rds";
import { homeRegion, peerRegion, type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

const home = identifiers.cell(homeRegion);
const peer = identifiers.cell(peerRegion);
const globalCluster = { GlobalClusterIdentifier: identifiers.globalClusterIdentifier };

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
      ["cannot be reached", { reachability: "unreachable" }],
    ] as const)
      it(`shows a reader that ${what} as pending-resync`, async () => {
        aws.cells.setDatabase(peerRegion, state);
        const { GlobalClusterMembers: members = [] } = await described();
        expect(members.map((member) => member.SynchronizationStatus)).to.deep.equal([
          "connected",
          "pending-resync",
        ]);
      });

    it("reports neither of a reader that its process alone shows to be alive", async () => {
      aws.cells.setDatabase(peerRegion, { reachability: "unknown", replicationLagMs: null });
      const { GlobalClusterMembers: members = [] } = await described();
      expect(members.map((member) => member.SynchronizationStatus)).to.deep.equal(["connected", undefined]);
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
        BackupRetentionPeriod: 1,
        ReadReplicaIdentifiers: [peer.clusterArn],
        DBClusterMembers: [
          { DBInstanceIdentifier: home.instanceIdentifier, IsClusterWriter: true, PromotionTier: 1 },
        ],
      });
    });

    it("tells a reader's source, and what its server does", async () => {
      aws.cells.setDatabase(peerRegion, {
        status: "starting",
        reachability: "unreachable",
        replicationLagMs: null,
      });
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

  describe("DescribeDBClusterSnapshots", () => {
    const snapshots = async (input = {}) =>
      (await aws.rds(homeRegion).send(new DescribeDBClusterSnapshotsCommand(input))).DBClusterSnapshots;

    it("has none, and refuses one that is asked for by name", async () => {
      expect(await snapshots()).to.deep.equal([]);
      const ofCell = [{ Name: "db-cluster-id", Values: [home.clusterIdentifier] }];
      expect(await snapshots({ Filters: ofCell, SnapshotType: "automated" })).to.deep.equal([]);
      expect(await faultOf(snapshots({ DBClusterSnapshotIdentifier: "x" }))).to.include({
        name: "DBClusterSnapshotNotFoundFault",
        status: 404,
      });
    });

    it("refuses a filter or a marker that is none of AWS's", async () => {
      for (const input of [{ Filters: [{ Name: "colour", Values: ["x"] }] }, { Marker: "x" }])
        expect(await faultOf(snapshots(input))).to.include({ name: "InvalidParameterValue", status: 400 });
    });
  });
});
