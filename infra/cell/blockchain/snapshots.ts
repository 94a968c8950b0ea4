import * as aws from "@pulumi/aws";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
} from "@pulumi/pulumi";
import { policyDocument } from "../../policy-document.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart, NetworkPart } from "../parts.ts";

export interface SnapshotsArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly network: NetworkPart;
  /** Security group of the nodes, and the role that they mount with. */
  readonly nodes: { readonly groupId: Input<string>; readonly roleArn: Input<string> };
}

const NFS = 2049;

/** A file system for the chain's snapshots, from which a node whose image has grown old catches up. */
export class Snapshots extends ComponentResource {
  readonly fileSystemId: Output<string>;

  constructor(
    name: string,
    { context, keys, network, nodes }: SnapshotsArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:Snapshots", name, {}, opts);

    const files = new aws.efs.FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: keys.keyArn,
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }],
      },
      // A chain can be had again from its network: what is here saves days, and is no data of ours.
      { parent: this },
    );
    new aws.efs.FileSystemPolicy(
      name,
      {
        fileSystemId: files.id,
        policy: all([files.arn, nodes.roleArn]).apply(([arn, role]) => mountPolicy(arn, role)),
      },
      { parent: this },
    );
    const group = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: network.vpcId,
        description: "Blockchain nodes mount their snapshots",
        ingress: [
          {
            description: "NFS over TLS from the nodes",
            protocol: "tcp",
            fromPort: NFS,
            toPort: NFS,
            securityGroups: [nodes.groupId],
          },
        ],
        egress: [],
      },
      { parent: this },
    );
    for (const zone of context.region.zones.keys())
      new aws.efs.MountTarget(
        `${name}-${zone + 1}`,
        {
          fileSystemId: files.id,
          subnetId: output(network.privateSubnetIds).apply((ids) => subnetOf(ids, zone)),
          securityGroups: [group.id],
        },
        { parent: this },
      );

    this.fileSystemId = files.id;
    this.registerOutputs({ fileSystemId: this.fileSystemId });
  }
}

function subnetOf(ids: readonly string[], zone: number): string {
  const id = ids[zone];
  if (id === undefined) throw new Error(`there are ${ids.length} private subnets, and not one for each zone`);
  return id;
}

/** The nodes alone, over TLS, through a mount target: never by an address somebody else could be at. */
const mountPolicy = (arn: string, role: string): string =>
  policyDocument([
    {
      Sid: "NodesMount",
      Effect: "Allow",
      Principal: { AWS: role },
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: [arn],
      Condition: {
        Bool: { "aws:SecureTransport": "true", "elasticfilesystem:AccessedViaMountTarget": "true" },
      },
    },
  ]);
