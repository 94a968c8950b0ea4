import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { CellNetwork } from "./cell-network.ts";
import { routesThroughPeering } from "./routes.ts";
import { layOutSubnets } from "./subnet-layout.ts";

export interface PeerLinkArgs {
  readonly context: CellContext;
  readonly network: Pick<CellNetwork, "vpcId" | "routeTableIds">;
}

/**
 * The way from each cell's engines to the journal in the other, and from a runner in either cell to the stores and the
 * cluster of both: a peering of the two VPCs, with routes from the one's private tier to the other's data and private
 * tiers, and no others. Which port is open is for the data tier's ACL and the journal's
 * security group.
 *
 * The peer cell's stack asks for the connection and the home cell's accepts it, by its id in the settings: no stack looks
 * into the other's region. Until it is accepted the routes lead nowhere, which AWS allows. RDS's names resolve to private
 * addresses from anywhere, so the peering needs no DNS of its own.
 */
export class PeerLink extends ComponentResource {
  readonly connectionId: Output<string>;

  constructor(name: string, { context, network }: PeerLinkArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:PeerLink", name, {}, opts);
    const { settings, peer, names } = context;
    const told = settings.peer;
    if (!told || !peer)
      throw new Error(
        `the cell of stack ${settings.stack} has no peer to be linked with: castle:peer is not set`,
      );
    const options = { parent: this, protect: settings.profile.protectData };
    const tags = { Name: `${names.prefix}-peer` };

    this.connectionId =
      told.peeringConnectionId === null
        ? new aws.ec2.VpcPeeringConnection(
            name,
            {
              vpcId: network.vpcId,
              peerVpcId: told.vpcId,
              peerRegion: told.region,
              peerOwnerId: settings.account,
              // AWS accepts nothing by itself between regions.
              autoAccept: false,
              tags,
            },
            options,
          ).id
        : new aws.ec2.VpcPeeringConnectionAccepter(
            name,
            { vpcPeeringConnectionId: told.peeringConnectionId, autoAccept: true, tags },
            options,
          ).vpcPeeringConnectionId;

    const there = layOutSubnets(peer.cidr);
    const { connectionId } = this;
    routesThroughPeering(`${name}-journal`, {
      tables: network.routeTableIds.private,
      to: there.data,
      connectionId,
      parent: this,
    });
    // A runner in this cell asks the other cell's Kubernetes, and answers its runners.
    routesThroughPeering(`${name}-cluster`, {
      tables: network.routeTableIds.private,
      to: there.private,
      connectionId,
      parent: this,
    });
    routesThroughPeering(`${name}-answers`, {
      tables: network.routeTableIds.data,
      to: there.private,
      connectionId,
      parent: this,
    });
    this.registerOutputs({ connectionId });
  }
}
