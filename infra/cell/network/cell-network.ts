import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart, NetworkPart, TierRanges } from "../parts.ts";
import { type AclRules, dataTierRules } from "./data-tier-rules.ts";
import { layOutSubnets } from "./subnet-layout.ts";
import { TieredVpc } from "./tiered-vpc.ts";
import { VpcEndpoints } from "./vpc-endpoints.ts";

export interface CellNetworkArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
}

/**
 * A cell's VPC: load balancers in the public tier, nodes and pods in the private one, stores in the data tier, which has
 * no way to the internet and lets in whom dataTierRules names.
 */
export class CellNetwork extends ComponentResource implements NetworkPart {
  readonly vpcId: Output<string>;
  readonly publicSubnetIds: Output<string[]>;
  readonly privateSubnetIds: Output<string[]>;
  readonly dataSubnetIds: Output<string[]>;
  readonly ranges: TierRanges;
  readonly routeTableIds: TieredVpc["routeTableIds"];

  constructor(name: string, { context, keys }: CellNetworkArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellNetwork", name, {}, opts);
    const { region, peer, names, settings } = context;

    const vpc = new TieredVpc(
      name,
      {
        context,
        keys,
        cidr: region.cidr,
        natPerZone: settings.profile.natPerZone,
        tags: {
          public: { "kubernetes.io/role/elb": "1" },
          private: { "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": names.cluster },
        },
      },
      { parent: this },
    );
    new VpcEndpoints(`${name}-endpoints`, { context, vpc }, { parent: this });
    const rules: AclRules = dataTierRules(vpc.ranges, peer && layOutSubnets(peer.cidr));
    new aws.ec2.NetworkAcl(
      `${name}-data`,
      {
        vpcId: vpc.vpcId,
        subnetIds: vpc.dataSubnetIds,
        ingress: rules.ingress.map((rule) => ({ ...rule })),
        egress: rules.egress.map((rule) => ({ ...rule })),
      },
      { parent: this },
    );

    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.dataSubnetIds = vpc.dataSubnetIds;
    this.ranges = vpc.ranges;
    this.routeTableIds = vpc.routeTableIds;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
