import {
  type EndpointConfiguration,
  type EndpointGroup,
  EndpointGroupNotFoundException$,
  InvalidArgumentException$,
  type UpdateEndpointGroupRequest,
} from "@aws-sdk/client-global-accelerator";
import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import type { EndpointGroup as CellEndpointGroup, EndpointGroupChange } from "../cells.ts";
import { modelledFault } from "../fault.ts";
import type { LabIdentifiers } from "../identifiers.ts";

/**
 * The health check settings of a group. Global Accelerator ignores them for load balancer endpoints, whose health is
 * that of their target groups, and so does the lab's edge: they are kept and told, nothing more.
 */
export type HealthSettings = Pick<
  EndpointGroup,
  | "HealthCheckPort"
  | "HealthCheckProtocol"
  | "HealthCheckPath"
  | "HealthCheckIntervalSeconds"
  | "ThresholdCount"
>;

/** As documented; the port's default is the listener's. */
export const defaultHealthSettings: HealthSettings = {
  HealthCheckProtocol: "TCP",
  HealthCheckIntervalSeconds: 30,
  ThresholdCount: 3,
};

/** What an endpoint weighs in its group when nothing is said. */
const defaultWeight = 128;

/** @throws AwsFault EndpointGroupNotFoundException */
export function requireEndpointGroup(arn: string, identifiers: LabIdentifiers): RegionName {
  const region = cellRegions.find((known) => identifiers.cell(known).endpointGroupArn === arn);
  if (!region) throw modelledFault(EndpointGroupNotFoundException$, `endpoint group ${arn} does not exist`);
  return region;
}

export function describeEndpointGroup(
  { region, dial, weight, health }: CellEndpointGroup,
  settings: HealthSettings,
  identifiers: LabIdentifiers,
): EndpointGroup {
  const cell = identifiers.cell(region);
  const healthStates = { initial: "INITIAL", healthy: "HEALTHY", unhealthy: "UNHEALTHY" } as const;
  const endpoint = {
    EndpointId: cell.endpointId,
    HealthState: healthStates[health],
    ClientIPPreservationEnabled: false,
  };
  return {
    EndpointGroupArn: cell.endpointGroupArn,
    EndpointGroupRegion: region,
    EndpointDescriptions: weight === null ? [] : [{ ...endpoint, Weight: weight }],
    TrafficDialPercentage: dial,
    ...settings,
  };
}

/**
 * What a request changes at the edge. A list of endpoints that is given *replaces* the group's, so that an empty one
 * takes the load balancer out; one that is left out changes nothing.
 *
 * @throws AwsFault InvalidArgumentException for what the lab's edge cannot be told.
 */
export function changeOf(
  input: UpdateEndpointGroupRequest,
  region: RegionName,
  identifiers: LabIdentifiers,
): EndpointGroupChange {
  if (input.PortOverrides?.length) throw invalid("PortOverrides: the lab's edge has no port overrides");
  const { EndpointConfigurations: endpoints, TrafficDialPercentage: dial } = input;
  return {
    ...(endpoints && { weight: weightOf(endpoints, identifiers.cell(region).endpointId) }),
    ...(dial !== undefined && { dial }),
  };
}

export const settingsOf = (input: UpdateEndpointGroupRequest): HealthSettings => ({
  ...(input.HealthCheckPort !== undefined && { HealthCheckPort: input.HealthCheckPort }),
  ...(input.HealthCheckProtocol !== undefined && { HealthCheckProtocol: input.HealthCheckProtocol }),
  ...(input.HealthCheckPath !== undefined && { HealthCheckPath: input.HealthCheckPath }),
  ...(input.HealthCheckIntervalSeconds !== undefined && {
    HealthCheckIntervalSeconds: input.HealthCheckIntervalSeconds,
  }),
  ...(input.ThresholdCount !== undefined && { ThresholdCount: input.ThresholdCount }),
});

function weightOf(endpoints: readonly EndpointConfiguration[], endpointId: string): number | null {
  const [endpoint, ...more] = endpoints;
  if (!endpoint) return null;
  if (more.length > 0) throw invalid("EndpointConfigurations: a group of the lab's has one endpoint");
  if (endpoint.EndpointId !== endpointId)
    throw invalid(
      `EndpointId ${endpoint.EndpointId ?? "(none)"} is not in this region; its endpoint is ${endpointId}`,
    );
  if (endpoint.AttachmentArn !== undefined) throw invalid("AttachmentArn: the lab has one account");
  if (endpoint.ClientIPPreservationEnabled)
    throw invalid("ClientIPPreservationEnabled: the lab's edge connects from its own address");
  return endpoint.Weight ?? defaultWeight;
}

const invalid = (message: string) => modelledFault(InvalidArgumentException$, message);
