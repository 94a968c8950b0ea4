import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import { all, ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart, TierRanges } from "../parts.ts";
import { FlowLogs } from "./flow-logs.ts";
import { layOutSubnets } from "./subnet-layout.ts";

export interface TieredVpcArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  /** The VPC's address range. */
  readonly cidr: string;
  /** Whether losing a zone may cost no other its way out. */
  readonly natPerZone: boolean;
  /** On the subnets of a tier: by these EKS, Karpenter and load balancers find them. */
  readonly tags?: { readonly public?: Tags; readonly private?: Tags };
}

type Tags = Record<string, string>;

/** A VPC of three tiers in the region's three zones, with a record of all its traffic. */
export class TieredVpc extends ComponentResource {
  readonly vpcId: Output<string>;
  readonly publicSubnetIds: Output<string[]>;
  readonly privateSubnetIds: Output<string[]>;
  readonly dataSubnetIds: Output<string[]>;
  readonly ranges: TierRanges;
  /** A route table for each subnet of the tier. */
  readonly routeTableIds: { readonly private: Output<string[]>; readonly data: Output<string[]> };

  constructor(name: string, args: TieredVpcArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:TieredVpc", name, {}, opts);
    const { context, cidr, natPerZone, tags } = args;
    const layout = layOutSubnets(cidr);

    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: cidr,
        availabilityZoneNames: [...context.region.zones],
        enableDnsSupport: true,
        // Interface endpoints take over AWS's own names by private DNS, which needs both.
        enableDnsHostnames: true,
        natGateways: { strategy: natPerZone ? "OnePerAz" : "Single" },
        subnetStrategy: "Exact",
        // In the order of their addresses: "Exact" refuses a gap, so nothing is given out by accident.
        subnetSpecs: [
          { type: "Private", cidrBlocks: [...layout.private], tags: tags?.private ?? {} },
          { type: "Isolated", name: "data", cidrBlocks: [...layout.data] },
          { type: "Public", cidrBlocks: [...layout.public], tags: tags?.public ?? {} },
          ...layout.unused.map((ranges) => ({ type: "Unused" as const, cidrBlocks: [...ranges] })),
        ],
      },
      { parent: this },
    );
    // The group that AWS makes with each VPC lets its members talk to each other, and is what a forgotten setting means.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.vpcId, ingress: [], egress: [] },
      { parent: this },
    );
    new FlowLogs(`${name}-flow-logs`, { context, keys: args.keys, vpcId: vpc.vpcId }, { parent: this });

    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.dataSubnetIds = vpc.isolatedSubnetIds;
    this.ranges = { public: layout.public, private: layout.private, data: layout.data };
    this.routeTableIds = { private: tablesOf(vpc, "Private"), data: tablesOf(vpc, "Isolated") };
    this.registerOutputs({ vpcId: this.vpcId });
  }
}

/** awsx tells all route tables in one list, and on each the tier it is for. */
function tablesOf(vpc: awsx.ec2.Vpc, tier: "Private" | "Isolated"): Output<string[]> {
  return vpc.routeTables.apply((tables) =>
    all(tables.map((table) => all([table.id, table.tags]))).apply((known) =>
      known.flatMap(([id, tags]) => (tags?.["SubnetType"] === tier ? [id] : [])),
    ),
  );
}
