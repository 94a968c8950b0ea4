import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart, NetworkPart } from "../parts.ts";

export interface NodesArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "privateSubnetIds">;
  readonly keys: KeyPart;
  readonly role: aws.iam.Role;
  readonly version: string;
}

const DISK_GIB = 40;

/**
 * The nodes that are always there: they carry the platform's services and what Karpenter itself needs; what load asks for
 * beyond them Karpenter brings. ARM, as the instance types of settings/profiles.ts are.
 */
export class Nodes extends ComponentResource {
  constructor(
    name: string,
    { context, network, keys, role, version }: NodesArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:Nodes", name, {}, opts);
    const { names, settings } = context;
    const { nodes } = settings.profile;
    const here = { parent: this };
    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        // A pod must not take its node's role: tokens are asked for, and do not go further than the node itself.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: DISK_GIB,
              encrypted: "true",
              kmsKeyId: keys.keyArn,
              deleteOnTermination: "true",
            },
          },
        ],
        monitoring: { enabled: true },
        updateDefaultVersion: true,
      },
      here,
    );
    new aws.eks.NodeGroup(
      name,
      {
        clusterName: names.cluster,
        nodeRoleArn: role.arn,
        subnetIds: network.privateSubnetIds,
        amiType: "AL2023_ARM_64_STANDARD",
        version,
        instanceTypes: [...nodes.instanceTypes],
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: nodes.min, desiredSize: nodes.min, maxSize: nodes.max },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
      },
      // How many there are now is for whoever repairs or drains them.
      { ...here, ignoreChanges: ["scalingConfig.desiredSize"] },
    );
    this.registerOutputs({});
  }
}

/** What a node needs to be one, pull images, and be looked into without SSH. */
const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  // The VPC CNI gives pods addresses with it; it runs before there is any other way to hand it a role.
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
];

/** EC2 hands a machine its role by itself; there is no source to narrow it to. */
const ASSUMED_BY_EC2 = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Nodes",
      Effect: "Allow",
      Principal: { Service: "ec2.amazonaws.com" },
      Action: ["sts:AssumeRole"],
    },
  ],
});

/** @param physical its name in IAM and its instance profile's, by which Karpenter gives it to the machines it starts */
export function nodeRole(name: string, physical: string, parent: ComponentResource): aws.iam.Role {
  const role = new aws.iam.Role(name, { name: physical, assumeRolePolicy: ASSUMED_BY_EC2 }, { parent });
  for (const policy of NODE_POLICIES)
    new aws.iam.RolePolicyAttachment(
      `${name}-${policy}`,
      { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
      { parent },
    );
  new aws.iam.InstanceProfile(name, { name: physical, role: role.name }, { parent });
  return role;
}
