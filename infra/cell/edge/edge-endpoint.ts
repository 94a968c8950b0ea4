import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { IngressPart } from "../parts.ts";

export interface EdgeEndpointArgs {
  readonly context: CellContext;
  readonly ingress: Pick<IngressPart, "loadBalancerArn">;
  /** The accelerator's listener: the home cell's stack makes it, the peer's is told. */
  readonly listenerArn: Input<string>;
  /** The accelerator's control plane stands in one region, whichever region the endpoint is in. */
  readonly provider: aws.Provider;
}

/** As the runbooks have them: an endpoint that may take traffic, and every connection that would come here. */
const ADMITTED = 128;
const WHOLE_DIAL = 100;

/**
 * What the runbooks turn: weight 0 isolates a cell, and a dial turns traffic away on purpose. An update would send the
 * whole list again with the weight that Pulumi's state holds, so the order after a handover is refresh, then up.
 */
const RUNBOOKS = ["endpointConfigurations", "trafficDialPercentage"];

/** This region's endpoint group, with the cell's load balancer in it. */
export class EdgeEndpoint extends ComponentResource {
  readonly endpointGroupArn: Input<string>;
  /** The endpoint as the accelerator names it: the load balancer's ARN. */
  readonly endpointId: Input<string>;

  constructor(
    name: string,
    { context, ingress, listenerArn, provider }: EdgeEndpointArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:EdgeEndpoint", name, {}, opts);
    const group = new aws.globalaccelerator.EndpointGroup(
      `${name}-edge`,
      {
        listenerArn,
        // Left out, it would be the provider's region, which is the control plane's and not the endpoint's.
        endpointGroupRegion: context.region.name,
        endpointConfigurations: [
          {
            endpointId: ingress.loadBalancerArn,
            weight: ADMITTED,
            // The firewall counts by client, and the gateway tells clients apart: both must see who calls.
            clientIpPreservationEnabled: true,
          },
        ],
        trafficDialPercentage: WHOLE_DIAL,
        // Of a load balancer the accelerator takes the health of its target groups, and asks nothing itself: these hold
        // only for endpoints of other kinds, and tell operators how soon a loss is noticed.
        healthCheckProtocol: "TCP",
        healthCheckIntervalSeconds: 10,
        thresholdCount: 3,
      },
      {
        parent: this,
        provider,
        protect: context.settings.profile.protectData,
        ignoreChanges: RUNBOOKS,
      },
    );
    this.endpointGroupArn = group.arn;
    this.endpointId = ingress.loadBalancerArn;
    this.registerOutputs({ endpointGroupArn: this.endpointGroupArn });
  }
}
