import { DescribeGlobalReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { DescribeEndpointGroupCommand } from "@aws-sdk/client-global-accelerator";
import {
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

describe("a lost region's endpoints", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const globalClustersFrom = (region: string, own = {}) =>
    aws.rds(region, own).send(new DescribeGlobalClustersCommand({}));

  it("reset the connection of every call signed for it", async () => {
    aws.cells.lose(homeRegion);
    const faults = await Promise.all([
      faultOf(globalClustersFrom(homeRegion)),
      faultOf(aws.elastiCache(homeRegion).send(new DescribeGlobalReplicationGroupsCommand({}))),
    ]);
    for (const fault of faults) expect(fault).to.include({ code: "ECONNRESET", status: undefined });
    expect(aws.events.map((event) => event.kind === "call" && event.status)).to.deep.equal([null, null]);
  });

  it("do nothing of what is asked of them", async () => {
    const switchover = new SwitchoverGlobalClusterCommand({
      GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
      TargetDbClusterIdentifier: identifiers.cell(peerRegion).clusterArn,
    });
    aws.cells.endpoints.set(homeRegion, "refuses");
    await faultOf(aws.rds(homeRegion).send(switchover));
    expect(aws.cells.asked).to.deep.equal([]);
  });

  it("leave the other region's alone", async () => {
    aws.cells.lose(homeRegion);
    const { GlobalClusters } = await globalClustersFrom(peerRegion);
    expect(GlobalClusters).to.have.length(1);
    const { endpointGroupArn: EndpointGroupArn } = identifiers.cell(homeRegion);
    const group = await aws.accelerator().send(new DescribeEndpointGroupCommand({ EndpointGroupArn }));
    expect(group.EndpointGroup).to.include({ EndpointGroupRegion: homeRegion });
  });

  it("say nothing at all while the region is silent, until the caller gives up", async () => {
    aws.cells.endpoints.set(homeRegion, "silent");
    const impatient = { requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } };
    expect(await faultOf(globalClustersFrom(homeRegion, impatient))).to.include({ name: "TimeoutError" });
  });

  it("answer again when the region is back", async () => {
    aws.cells.endpoints.set(homeRegion, "refuses");
    await faultOf(globalClustersFrom(homeRegion));
    aws.cells.endpoints.set(homeRegion, "answers");
    expect((await globalClustersFrom(homeRegion)).GlobalClusters).to.have.length(1);
  });

  it("include Global Accelerator's, when us-west-2 is the one that is gone", async () => {
    aws.cells.endpoints.set("us-west-2", "refuses");
    const { endpointGroupArn: EndpointGroupArn } = identifiers.cell(homeRegion);
    const call = aws.accelerator().send(new DescribeEndpointGroupCommand({ EndpointGroupArn }));
    expect(await faultOf(call)).to.include({ code: "ECONNRESET" });
  });

  it("send no answer to a call that was being served when the region went down", async () => {
    const { promise: reading, resolve: read } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { databaseMembers } = aws.cells;
    aws.cells.databaseMembers = async () => {
      ask();
      await reading;
      return databaseMembers();
    };
    const call = aws.rds(peerRegion).send(
      new FailoverGlobalClusterCommand({
        GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
        TargetDbClusterIdentifier: identifiers.cell(peerRegion).clusterArn,
        AllowDataLoss: true,
      }),
    );
    await asked;
    aws.cells.endpoints.set(peerRegion, "refuses");
    read();
    expect(await faultOf(call)).to.include({ code: "ECONNRESET" });
    expect(aws.cells.asked, "the promotion was started all the same").to.have.length(1);
  });
});
