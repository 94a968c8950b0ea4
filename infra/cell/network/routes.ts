import * as aws from "@pulumi/aws";
import type { Input, Output, Resource } from "@pulumi/pulumi";

export interface RoutesArgs {
  /** Of a tier: one for each zone. */
  readonly tables: Output<string[]>;
  readonly to: readonly string[];
  readonly connectionId: Input<string>;
  readonly parent: Resource;
}

const ZONES = [0, 1, 2];

/**
 * A route from each of a tier's subnets to each of the other side's ranges, and to nothing else of it. Each is a resource of
 * its own: awsx puts its routes so, and a table takes rules of both kinds only to forget one of them.
 */
export function routesThroughPeering(name: string, { tables, to, connectionId, parent }: RoutesArgs): void {
  for (const from of ZONES)
    for (const [at, destinationCidrBlock] of to.entries())
      new aws.ec2.Route(
        `${name}-${from + 1}-${at + 1}`,
        {
          routeTableId: tables.apply((ids) => tableOf(ids, from)),
          destinationCidrBlock,
          vpcPeeringConnectionId: connectionId,
        },
        { parent },
      );
}

function tableOf(ids: readonly string[], zone: number): string {
  const id = ids[zone];
  if (id === undefined)
    throw new Error(`awsx told ${ids.length} route tables of the tier, and not one for each of three zones`);
  return id;
}
