import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { policyDocument } from "../../policy-document.ts";
import type { BlockchainNodesSettings } from "../../settings/settings.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart, NetworkPart } from "../parts.ts";
import { readyScript } from "./ready-script.ts";
import { Snapshots } from "./snapshots.ts";

export interface BlockchainNodesArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly network: NetworkPart;
  readonly nodes: BlockchainNodesSettings;
}

/** Port of the nodes' JSON-RPC, which services ask. */
const RPC = 8545;
const HOOK = "chain-is-synced";
/** Without a heartbeat for so long a node is given up. Auto Scaling waits 48 h in all, or a hundred of these. */
const HOOK_PATIENCE_SECONDS = 1_800;
/** A node in service whose machine has just started is left in peace for so long. */
const GRACE_SECONDS = 900;
/** For what the chain grows by while an image grows old. */
const VOLUME_GIB = 2_000;

/**
 * Nodes that follow a blockchain for deposits and withdrawals. A node is of use only once it has the newest block, which
 * takes minutes from the prepared image and days from nothing: so one is kept stopped, nearly synchronised, in a warm
 * pool, and a lifecycle hook counts a node in only when it says itself that it is at the head of the chain. One that never
 * gets there is replaced.
 */
export class BlockchainNodes extends ComponentResource {
  readonly groupName: Output<string>;
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: BlockchainNodesArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:BlockchainNodes", name, {}, opts);
    const { context, keys, network, nodes } = args;
    const { names, region, settings } = context;
    // Known, so that the nodes' own policy can name the group that they are in.
    const groupName = `${names.prefix}-blockchain`;

    const security = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: network.vpcId,
        description: "Blockchain nodes",
        ingress: [
          {
            description: "JSON-RPC from the services",
            protocol: "tcp",
            fromPort: RPC,
            toPort: RPC,
            cidrBlocks: [...network.ranges.private],
          },
        ],
        // A node finds its peers anywhere, at any port; nobody finds it: it calls out, through the NAT gateways.
        egress: [
          {
            description: "Peers anywhere",
            protocol: "-1",
            fromPort: 0,
            toPort: 0,
            cidrBlocks: ["0.0.0.0/0"],
          },
        ],
      },
      { parent: this },
    );
    const { role, profile } = this.#identity(name, groupName, context);
    const snapshots = new Snapshots(
      `${name}-snapshots`,
      { context, keys, network, nodes: { groupId: security.id, roleArn: role.arn } },
      { parent: this },
    );
    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        imageId: nodes.imageId,
        instanceType: nodes.instanceType,
        iamInstanceProfile: { arn: profile.arn },
        vpcSecurityGroupIds: [security.id],
        updateDefaultVersion: true,
        ebsOptimized: "true",
        monitoring: { enabled: true },
        // One hop: what runs in a container on the node gets no credentials of the node.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              encrypted: "true",
              kmsKeyId: keys.keyArn,
              volumeType: "gp3",
              volumeSize: VOLUME_GIB,
              iops: 6_000,
              throughput: 250,
              deleteOnTermination: "true",
            },
          },
        ],
        // Auto Scaling does not pass the stack's own tags on to what it starts.
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({
          resourceType,
          tags: { Name: groupName, "castle:environment": settings.environment },
        })),
        userData: snapshots.fileSystemId.apply((fileSystem) =>
          Buffer.from(
            readyScript({ region: region.name, group: groupName, hook: HOOK, fileSystem }),
          ).toString("base64"),
        ),
      },
      { parent: this },
    );
    const group = new aws.autoscaling.Group(
      name,
      {
        name: groupName,
        minSize: nodes.count,
        maxSize: nodes.count + 1,
        vpcZoneIdentifiers: network.privateSubnetIds,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        healthCheckType: "EC2",
        healthCheckGracePeriod: GRACE_SECONDS,
        // With the group from its first instance on: a hook that came later would miss those that start with it.
        initialLifecycleHooks: [
          {
            name: HOOK,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: HOOK_PATIENCE_SECONDS,
            defaultResult: "ABANDON",
          },
        ],
        warmPool: { poolState: "Stopped", minSize: 1, instanceReusePolicy: { reuseOnScaleIn: true } },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, autoRollback: true },
        },
        // Synchronising takes longer than a deployment should wait; the hook, not Pulumi, decides who is counted in.
        waitForCapacityTimeout: "0",
      },
      { parent: this },
    );

    this.groupName = group.name;
    this.securityGroupId = security.id;
    this.registerOutputs({ groupName: this.groupName });
  }

  /** What a node may do: say of itself that it is ready, and be looked after without a key or an open port. */
  #identity(name: string, groupName: string, { region, settings }: CellContext) {
    const role = new aws.iam.Role(
      name,
      {
        description: "Blockchain nodes",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "ec2.amazonaws.com" },
              Action: ["sts:AssumeRole"],
            },
          ],
        }),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: policyDocument([
          {
            Sid: "SayThatItIsReady",
            Effect: "Allow",
            Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
            // AWS puts an id of its own before the name.
            Resource: [
              `arn:aws:autoscaling:${region.name}:${settings.account}:autoScalingGroup:*:autoScalingGroupName/${groupName}`,
            ],
          },
        ]),
      },
      { parent: this },
    );
    new aws.iam.RolePolicyAttachment(
      name,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(name, { role: role.name }, { parent: this });
    return { role, profile };
  }
}
