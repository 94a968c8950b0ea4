import type { GlobalAcceleratorClient } from "@aws-sdk/client-global-accelerator";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import { ADMITTED } from "./edge-endpoint.ts";
import { sdk } from "./sdk.ts";

/** A cell's endpoint group, as the accelerator has it. */
export interface EdgeGroup {
  /** The cell's load balancer in the group; null when it is not there. */
  readonly endpoint: { readonly weight: number; readonly health: string } | null;
  /** Endpoints that are not the cell's load balancer. */
  readonly strangers: readonly string[];
  /** Traffic dial, in percent. */
  readonly dial: number;
  readonly protocol: string;
  /** null for a protocol without one (TCP). */
  readonly path: string | null;
  readonly interval: Duration;
  readonly threshold: number;
}

/** What the accelerator documents as its own defaults, for what it leaves out of an answer. */
const DEFAULTS = { dial: 100, protocol: "TCP", intervalSeconds: 30, threshold: 3 } as const;

export async function edgeGroup(
  client: GlobalAcceleratorClient,
  place: { readonly endpointGroupArn: string; readonly endpointId: string },
): Promise<EdgeGroup> {
  const { EndpointGroup: group } = await client.send(
    new sdk.globalAccelerator.DescribeEndpointGroupCommand({ EndpointGroupArn: place.endpointGroupArn }),
  );
  if (!group) throw new Error(`the accelerator described no endpoint group ${place.endpointGroupArn}`);
  const endpoints = group.EndpointDescriptions ?? [];
  const own = endpoints.find(({ EndpointId: id }) => id === place.endpointId);
  return {
    endpoint: own ? { weight: own.Weight ?? ADMITTED, health: own.HealthState ?? "INITIAL" } : null,
    strangers: endpoints.filter((endpoint) => endpoint !== own).map(({ EndpointId: id }) => id ?? "unnamed"),
    dial: group.TrafficDialPercentage ?? DEFAULTS.dial,
    protocol: group.HealthCheckProtocol ?? DEFAULTS.protocol,
    path: group.HealthCheckPath ?? null,
    interval: seconds(group.HealthCheckIntervalSeconds ?? DEFAULTS.intervalSeconds),
    threshold: group.ThresholdCount ?? DEFAULTS.threshold,
  };
}
