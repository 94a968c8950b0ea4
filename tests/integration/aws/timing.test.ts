import {
  DescribeGlobalReplicationGroupsCommand,
  FailoverGlobalReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import {
  DescribeAcceleratorCommand,
  DescribeEndpointGroupCommand,
  UpdateEndpointGroupCommand,
} from "@aws-sdk/client-global-accelerator";
import {
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { awsDurations } from "@castle/lab/aws/pace.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { HeldTime } from "./held-time.ts";

const { globalClusterIdentifier: GlobalClusterIdentifier, acceleratorArn: AcceleratorArn } = identifiers;
const { endpointGroupArn: EndpointGroupArn, endpointId: EndpointId } = identifiers.cell(homeRegion);
const toPeer = {
  GlobalClusterIdentifier,
  TargetDbClusterIdentifier: identifiers.cell(peerRegion).clusterArn,
};

describe("the lab's control plane with AWS's timing", () => {
  let aws: ControlPlaneUnderTest;
  let time: HeldTime;
  beforeEach(async () => {
    time = new HeldTime();
    aws = await new ControlPlaneUnderTest({ timing: "aws", wait: time.wait }).start();
    aws.cells.promotesAtOnce = true;
  });
  afterEach(() => aws.stop());

  const globalCluster = async () =>
    (await aws.rds(peerRegion).send(new DescribeGlobalClustersCommand({}))).GlobalClusters?.[0];
  const clusterStatus = async () =>
    (await aws.rds(peerRegion).send(new DescribeDBClustersCommand({}))).DBClusters?.[0]?.Status;
  const datastoreStatus = async () =>
    (await aws.elastiCache(peerRegion).send(new DescribeGlobalReplicationGroupsCommand({})))
      .GlobalReplicationGroups?.[0]?.Status;
  const acceleratorStatus = async () =>
    (await aws.accelerator().send(new DescribeAcceleratorCommand({ AcceleratorArn }))).Accelerator?.Status;
  const toldWeight = async () =>
    (await aws.accelerator().send(new DescribeEndpointGroupCommand({ EndpointGroupArn }))).EndpointGroup
      ?.EndpointDescriptions?.[0]?.Weight;
  const setWeight = (Weight: number) =>
    aws.accelerator().send(
      new UpdateEndpointGroupCommand({
        EndpointGroupArn,
        EndpointConfigurations: [{ EndpointId, Weight }],
      }),
    );

  for (const [status, region, command, duration] of [
    [
      "failing-over",
      peerRegion,
      new FailoverGlobalClusterCommand({ ...toPeer, AllowDataLoss: true }),
      awsDurations.FailoverGlobalCluster,
    ],
    [
      "switching-over",
      homeRegion,
      new SwitchoverGlobalClusterCommand(toPeer),
      awsDurations.SwitchoverGlobalCluster,
    ],
  ] as const)
    it(`tells a global database as ${status}, and its new writer as promoting, for that long`, async () => {
      await aws.rds(region).send(command);
      expect(time.waitedFor).to.deep.equal([duration]);
      expect(aws.cells.askedEver, "no server was touched yet").to.equal(0);
      expect(await globalCluster()).to.include({ Status: status });
      expect(await clusterStatus()).to.equal("promoting");

      time.pass();
      expect(await globalCluster()).to.include({ Status: "available" });
      expect(await clusterStatus()).to.equal("available");
      expect(aws.cells.askedEver).to.equal(1);
    });

  it("tells a datastore as modifying for that long", async () => {
    await aws.elastiCache(peerRegion).send(
      new FailoverGlobalReplicationGroupCommand({
        GlobalReplicationGroupId: identifiers.globalReplicationGroupId,
        PrimaryRegion: peerRegion,
        PrimaryReplicationGroupId: identifiers.cell(peerRegion).replicationGroupId,
      }),
    );
    expect(time.waitedFor).to.deep.equal([awsDurations.FailoverGlobalReplicationGroup]);
    expect(await datastoreStatus()).to.equal("modifying");
    time.pass();
    expect(await datastoreStatus()).to.equal("available");
  });

  it("tells a weight at once, and the edge follows when the accelerator is deployed again", async () => {
    await setWeight(0);
    expect(await toldWeight()).to.equal(0);
    expect(await acceleratorStatus()).to.equal("IN_PROGRESS");
    expect(aws.cells.groups[0]?.weight).to.equal(128);

    time.pass();
    expect(await acceleratorStatus()).to.equal("DEPLOYED");
    expect(aws.cells.groups[0]?.weight).to.equal(0);
  });

  it("lets the later of two weights stand in the end", async () => {
    await setWeight(0);
    await setWeight(7);
    expect(await toldWeight()).to.equal(7);
    time.pass();
    expect(await acceleratorStatus()).to.equal("DEPLOYED");
    expect(aws.cells.groups[0]?.weight).to.equal(7);
  });

  it("tells an edge that did not take a change", async () => {
    aws.cells.updateEndpointGroup = async () => Promise.reject(new Error("the edge is gone"));
    await setWeight(0);
    time.pass();
    expect(await toldWeight()).to.equal(128);
    expect(aws.events).to.deep.include({
      kind: "change-ended",
      change: "endpoint-group-update",
      to: homeRegion,
      failure: "the edge is gone",
    });
  });

  it("touches nothing any more once it is closed", async () => {
    await aws.rds(peerRegion).send(new FailoverGlobalClusterCommand({ ...toPeer, AllowDataLoss: true }));
    await setWeight(0);
    await aws.stop();
    expect(time.waitedFor).to.deep.equal([]);
    expect(aws.cells.askedEver).to.equal(0);
    expect(aws.cells.groups[0]?.weight).to.equal(128);
    aws = await new ControlPlaneUnderTest().start();
  });
});

describe("the lab's control plane without it", () => {
  it("has no accelerator but its own, and waits for nothing", async () => {
    const time = new HeldTime();
    const aws = await new ControlPlaneUnderTest({ wait: time.wait }).start();
    const other = new DescribeAcceleratorCommand({ AcceleratorArn: "arn:x" });
    expect(await faultOf(aws.accelerator().send(other))).to.include({
      name: "AcceleratorNotFoundException",
      status: 404,
    });
    const update = { EndpointGroupArn, TrafficDialPercentage: 0 };
    await aws.accelerator().send(new UpdateEndpointGroupCommand(update));
    expect(aws.cells.groups[0]?.dial).to.equal(0);
    expect(time.waitedFor).to.deep.equal([]);
    await aws.stop();
  });
});
