import {
  DescribeEndpointGroup$,
  type DescribeEndpointGroupRequest,
  InvalidArgumentException$,
  UpdateEndpointGroup$,
  type UpdateEndpointGroupRequest,
} from "@aws-sdk/client-global-accelerator";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { modelledFault } from "../fault.ts";
import { type AwsService, operation, type ServiceParts } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import {
  changeOf,
  defaultHealthSettings,
  describeEndpointGroup,
  type HealthSettings,
  requireEndpointGroup,
  settingsOf,
} from "./endpoint-group.ts";

/** As the API reference bounds them. */
const updateLimits = {
  EndpointConfigurations: { min: 0, max: 10 },
  "EndpointConfigurations.*.Weight": { min: 0, max: 255 },
  TrafficDialPercentage: { min: 0, max: 100 },
  HealthCheckPort: { min: 1, max: 65_535 },
  HealthCheckIntervalSeconds: { min: 10, max: 30 },
  ThresholdCount: { min: 1, max: 10 },
};

/** Global Accelerator, over the lab's edge. A global service, whose one control plane is in us-west-2. */
export function globalAccelerator({ cells, identifiers }: ServiceParts): AwsService {
  const settings = new Map<RegionName, HealthSettings>();

  async function describe(region: RegionName) {
    const group = (await cells.endpointGroups()).find((known) => known.region === region);
    if (!group) throw new Error(`the lab lists no endpoint group for ${region}`);
    const health = settings.get(region) ?? defaultHealthSettings;
    return { EndpointGroup: describeEndpointGroup(group, health, identifiers) };
  }

  async function update(input: UpdateEndpointGroupRequest) {
    const region = requireEndpointGroup(input.EndpointGroupArn ?? "", identifiers);
    const { HealthCheckProtocol: protocol } = input;
    if (protocol !== undefined && !["TCP", "HTTP", "HTTPS"].includes(protocol))
      throw modelledFault(
        InvalidArgumentException$,
        `HealthCheckProtocol must be TCP, HTTP or HTTPS, got ${protocol}`,
      );
    const change = changeOf(input, region, identifiers);
    if (Object.keys(change).length > 0) await cells.updateEndpointGroup(region, change);
    settings.set(region, { ...(settings.get(region) ?? defaultHealthSettings), ...settingsOf(input) });
    return describe(region);
  }

  return {
    signingName: "globalaccelerator",
    regions: ["us-west-2"],
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "GlobalAccelerator_V20180706" }),
    operations: [
      operation<DescribeEndpointGroupRequest>(DescribeEndpointGroup$, ({ EndpointGroupArn = "" }) =>
        describe(requireEndpointGroup(EndpointGroupArn, identifiers)),
      ),
      operation<UpdateEndpointGroupRequest>(UpdateEndpointGroup$, update, updateLimits),
    ],
  };
}
