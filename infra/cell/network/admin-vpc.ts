import { adminCidr } from "@castle/regions/catalogue.ts";
import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";
import type { CellNetwork } from "./cell-network.ts";
import { routesThroughPeering } from "./routes.ts";
import { TieredVpc } from "./tiered-vpc.ts";

export interface AdminVpcArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly network: Pick<CellNetwork, "vpcId" | "ranges" | "routeTableIds">;
}

/**
 * Where those who watch stand: observability across cells, and SIEM. A VPC of its own, so that whoever gets into the
 * platform is not among what records him. It sees the home cell's private tier, whose metrics it asks for, and no store;
 * a cell trades without it.
 */
export class AdminVpc extends ComponentResource {
  readonly vpcId: Output<string>;
  readonly privateSubnetIds: Output<string[]>;

  constructor(name: string, { context, keys, network }: AdminVpcArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:AdminVpc", name, {}, opts);
    const { settings, home, names } = context;
    if (!home)
      throw new Error(
        `stack ${settings.stack} is not the home cell's: there is one VPC for administration, of the range ${adminCidr}, beside the home cell`,
      );

    const vpc = new TieredVpc(
      name,
      // One way out: when its zone is lost the watchers are late, and no trader waits.
      { context, keys, cidr: adminCidr, natPerZone: false },
      { parent: this },
    );
    const { id: connectionId } = new aws.ec2.VpcPeeringConnection(
      name,
      {
        vpcId: vpc.vpcId,
        peerVpcId: network.vpcId,
        autoAccept: true,
        tags: { Name: `${names.prefix}-admin` },
      },
      { parent: this },
    );
    routesThroughPeering(`${name}-looks`, {
      tables: vpc.routeTableIds.private,
      to: network.ranges.private,
      connectionId,
      parent: this,
    });
    routesThroughPeering(`${name}-answers`, {
      tables: network.routeTableIds.private,
      to: vpc.ranges.private,
      connectionId,
      parent: this,
    });

    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
