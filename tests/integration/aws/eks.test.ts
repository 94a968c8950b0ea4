import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
  UpdateNodegroupConfigCommand,
  type UpdateNodegroupConfigCommandInput,
} from "@aws-sdk/client-eks";
import { homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { heldClusters } from "./held-clusters.ts";
import { HeldTime } from "./held-time.ts";

const { clusterName, nodegroupName } = identifiers.cell(homeRegion);
const group = { clusterName, nodegroupName };

describe("EKS in the lab", () => {
  let aws: ControlPlaneUnderTest;
  let time: HeldTime;
  beforeEach(async () => {
    time = new HeldTime();
    aws = await new ControlPlaneUnderTest({
      ...{ clusters: heldClusters(), timing: "aws", wait: time.wait },
    }).start();
  });
  afterEach(() => aws.stop());

  const update = (input: Partial<UpdateNodegroupConfigCommandInput> = {}) =>
    aws.eks(homeRegion).send(new UpdateNodegroupConfigCommand({ ...group, ...input }));
  const described = async () => {
    const { nodegroup } = await aws.eks(homeRegion).send(new DescribeNodegroupCommand(group));
    return { status: nodegroup?.status, desired: nodegroup?.scalingConfig?.desiredSize };
  };

  it("tells each region's own cluster, with what it takes to reach it", async () => {
    const { cluster } = await aws.eks(homeRegion).send(new DescribeClusterCommand({ name: clusterName }));
    expect(cluster).to.include({ status: "ACTIVE", version: "1.34", endpoint: "https://127.0.0.1:1" });
    expect(cluster?.createdAt).to.deep.equal(new Date(1e12));
    expect(Buffer.from(cluster?.certificateAuthority?.data ?? "", "base64").toString()).to.equal(
      "an authority",
    );
    expect((await aws.eks(peerRegion).send(new ListClustersCommand({}))).clusters).to.deep.equal([
      identifiers.cell(peerRegion).clusterName,
    ]);
    expect((await aws.eks(witnessRegion).send(new ListClustersCommand({}))).clusters).to.deep.equal([]);
    expect(
      (await aws.eks(homeRegion).send(new ListNodegroupsCommand({ clusterName }))).nodegroups,
    ).to.deep.equal([nodegroupName]);
  });

  it("knows no cluster of another region, and no other node group", async () => {
    expect(
      await faultOf(aws.eks(peerRegion).send(new DescribeClusterCommand({ name: clusterName }))),
    ).to.include({ name: "ResourceNotFoundException", status: 404 });
    expect(
      await faultOf(
        aws.eks(homeRegion).send(new DescribeNodegroupCommand({ clusterName, nodegroupName: "other" })),
      ),
    ).to.include({ name: "ResourceNotFoundException" });
  });

  it("shows a node group as updating until its nodes are there, and takes no other change meanwhile", async () => {
    const { update: told } = await update({ scalingConfig: { desiredSize: 4 } });
    expect(told).to.deep.include({
      ...{ status: "InProgress", type: "ConfigUpdate", params: [{ type: "DesiredSize", value: "4" }] },
    });
    expect(await described()).to.deep.equal({ status: "UPDATING", desired: 3 });
    expect(await faultOf(update({ scalingConfig: { desiredSize: 2 } }))).to.include({
      ...{ name: "ResourceInUseException", status: 409 },
    });
    time.pass();
    expect(await described()).to.deep.equal({ status: "ACTIVE", desired: 4 });
    expect(aws.events).to.deep.include({
      ...{ kind: "change-ended", change: "node-group-update", to: homeRegion, failure: null },
    });
  });

  it("carries a repeat under the same token out once, and refuses the token with another input", async () => {
    const clientRequestToken = "once-and-no-more";
    const first = await update({ clientRequestToken, scalingConfig: { desiredSize: 4 } });
    // Without the token this would be refused: a change is under way.
    const again = await update({ clientRequestToken, scalingConfig: { desiredSize: 4 } });
    expect(again.update).to.deep.equal(first.update);
    expect(await faultOf(update({ clientRequestToken, scalingConfig: { desiredSize: 3 } }))).to.include({
      name: "InvalidParameterException",
      status: 400,
    });
  });

  it("remembers no token of what it refused", async () => {
    const clientRequestToken = "refused-at-first";
    const wrong = { clientRequestToken, scalingConfig: { desiredSize: 9 } };
    expect(await faultOf(update(wrong))).to.include({ name: "InvalidParameterException" });
    expect((await update({ ...wrong, scalingConfig: { desiredSize: 4 } })).update?.status).to.equal(
      "InProgress",
    );
  });

  for (const [what, input, told] of [
    ["more than the most", { scalingConfig: { desiredSize: 5 } }, /can't be greater than max size 4/],
    ["fewer than the least", { scalingConfig: { desiredSize: 1 } }, /can't be less than minimum size 2/],
    ["a most of none", { scalingConfig: { maxSize: 0 } }, /maxSize/],
    ["what the lab's nodes have none of", { labels: { removeLabels: ["a"] } }, /not labels/],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { status, message } = await faultOf(update(input as Partial<UpdateNodegroupConfigCommandInput>));
      expect(status).to.equal(400);
      expect(message).to.match(told);
    });
});
