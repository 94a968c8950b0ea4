import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { BlockchainNodes } from "../../../../infra/cell/blockchain/blockchain-nodes.ts";
import { readyScript } from "../../../../infra/cell/blockchain/ready-script.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests } from "../support/made-up.ts";
import { type Recording, record } from "../support/recorded.ts";

const SUBNETS = ["subnet-1", "subnet-2", "subnet-3"];
const settings = { imageId: "ami-0a1b2c3d4e5f60001", instanceType: "r7g.xlarge", count: 2 };

const build = (): Promise<Recording> =>
  record(
    () =>
      new BlockchainNodes("nodes", {
        context: contextOf("prd"),
        keys: keyOfTests,
        nodes: settings,
        network: {
          vpcId: "vpc-1",
          publicSubnetIds: [],
          privateSubnetIds: SUBNETS,
          dataSubnetIds: [],
          ranges: layOutSubnets("10.10.0.0/16"),
        },
      }),
  );

describe("the blockchain nodes", () => {
  let nodes: Recording;

  before(async () => {
    nodes = await build();
  });

  it("stand in every zone's private subnet, one more kept stopped and nearly synchronised", () => {
    expect(nodes.one("aws:autoscaling/group:Group").inputs).to.deep.include({
      minSize: 2,
      maxSize: 3,
      vpcZoneIdentifiers: SUBNETS,
      warmPool: { poolState: "Stopped", minSize: 1, instanceReusePolicy: { reuseOnScaleIn: true } },
    });
  });

  it("are counted in by themselves alone, and given up when they never get to the chain's head", () => {
    const { inputs } = nodes.one("aws:autoscaling/group:Group");
    expect(inputs["initialLifecycleHooks"]).to.deep.equal([
      {
        name: "chain-is-synced",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: 1_800,
        defaultResult: "ABANDON",
      },
    ]);
    expect(inputs["waitForCapacityTimeout"]).to.equal("0");
    expect(inputs["healthCheckGracePeriod"]).to.be.above(0);
  });

  it("start from the prepared image, encrypted, with credentials for no container on them", () => {
    const { inputs } = nodes.one("aws:ec2/launchTemplate:LaunchTemplate");
    expect(inputs).to.include({ imageId: settings.imageId, instanceType: settings.instanceType });
    expect(inputs["metadataOptions"]).to.deep.equal({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    expect(inputs["blockDeviceMappings"]).to.have.nested.property("[0].ebs").that.includes({
      encrypted: "true",
      kmsKeyId: keyOfTests.keyArn,
    });
  });

  it("run the script that names their own group and hook", () => {
    const { inputs } = nodes.one("aws:ec2/launchTemplate:LaunchTemplate");
    expect(Buffer.from(String(inputs["userData"]), "base64").toString()).to.equal(
      readyScript({
        region: "eu-west-1",
        group: "castle-production-blockchain",
        hook: "chain-is-synced",
        fileSystem: "nodes-snapshots-id",
      }),
    );
    expect(nodes.one("aws:autoscaling/group:Group").inputs["name"]).to.equal("castle-production-blockchain");
  });

  it("may say of their own group that they are ready, and no more", () => {
    const { Statement } = JSON.parse(String(nodes.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]));
    expect(Statement).to.have.lengthOf(1);
    expect(Statement[0].Action).to.deep.equal([
      "autoscaling:CompleteLifecycleAction",
      "autoscaling:RecordLifecycleActionHeartbeat",
    ]);
    expect(Statement[0].Resource).to.deep.equal([
      "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/castle-production-blockchain",
    ]);
  });

  it("are asked by the private tier alone", () => {
    const { inputs } = nodes.one("aws:ec2/securityGroup:SecurityGroup", "nodes");
    expect(inputs["ingress"]).to.have.lengthOf(1);
    expect(inputs["ingress"])
      .to.have.nested.property("[0].cidrBlocks")
      .that.deep.equals(["10.10.0.0/19", "10.10.64.0/19", "10.10.128.0/19"]);
  });

  it("keep snapshots in an encrypted file system, which they alone mount, over TLS, in each zone", () => {
    expect(nodes.one("aws:efs/fileSystem:FileSystem").inputs).to.include({
      encrypted: true,
      kmsKeyId: keyOfTests.keyArn,
    });
    expect(
      nodes.ofType("aws:efs/mountTarget:MountTarget").map(({ inputs }) => inputs["subnetId"]),
    ).to.deep.equal(SUBNETS);
    const { Statement } = JSON.parse(
      String(nodes.one("aws:efs/fileSystemPolicy:FileSystemPolicy").inputs["policy"]),
    );
    expect(Statement).to.have.lengthOf(1);
    expect(Statement[0]).to.deep.include({
      Principal: { AWS: "arn:aws:iam:eu-west-1:111122223333:nodes" },
      Condition: {
        Bool: { "aws:SecureTransport": "true", "elasticfilesystem:AccessedViaMountTarget": "true" },
      },
    });
  });
});

describe("a node's script", () => {
  const script = readyScript({ region: "eu-west-1", group: "g", hook: "h", fileSystem: "fs-1" });

  it("is bash, and so is what it leaves behind", () => {
    const inner = /<<'SCRIPT'\n([\s\S]*?)\nSCRIPT\n/.exec(script)?.[1] ?? "";
    for (const text of [script, inner]) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
      expect(stderr).to.equal("");
      expect(status).to.equal(0);
    }
  });

  it("runs at each start, since a node of the warm pool starts more often than cloud-init runs", () => {
    expect(script).to.include("systemctl enable --now castle-chain-ready.service");
  });

  it("is heard of more often than the hook's patience ends", () => {
    expect(Number(/sleep (\d+)/.exec(script)?.[1])).to.be.below(1_800 / 3);
  });

  it("mounts over TLS, with the node's own role", () => {
    expect(script).to.include("fs-1:/ /mnt/snapshots efs _netdev,tls,iam 0 0");
  });
});
