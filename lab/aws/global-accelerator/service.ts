import {
  AcceleratorNotFoundException$,
  DescribeAccelerator$,
  type DescribeAcceleratorRequest,
  DescribeEndpointGroup$,
  type DescribeEndpointGroupRequest,
  InternalServiceErrorException$,
  InvalidArgumentException$,
  UpdateEndpointGroup$,
  type UpdateEndpointGroupRequest,
} from "@aws-sdk/client-global-accelerator";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { modelledFault, rateExceeded } from "../fault.ts";
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
import { Propagation } from "./propagation.ts";

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
export function globalAccelerator(parts: ServiceParts): AwsService {
  const { cells, identifiers } = parts;
  const propagation = new Propagation(parts);
  const settings = new Map<RegionName, HealthSettings>();

  async function describe(region: RegionName) {
    const group = (await cells.endpointGroups()).find((known) => known.region === region);
    if (!group) throw new Error(`the lab lists no endpoint group for ${region}`);
    const health = settings.get(region) ?? defaultHealthSettings;
    return { EndpointGroup: describeEndpointGroup(propagation.asked(group), health, identifiers) };
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
    if (Object.keys(change).length > 0) await propagation.accept(region, change);
    settings.set(region, { ...(settings.get(region) ?? defaultHealthSettings), ...settingsOf(input) });
    return describe(region);
  }

  /** Where it is told whether what was asked for is in force at the edge yet. */
  async function describeAccelerator({ AcceleratorArn = "" }: DescribeAcceleratorRequest) {
    if (AcceleratorArn !== identifiers.acceleratorArn)
      throw modelledFault(AcceleratorNotFoundException$, `accelerator ${AcceleratorArn} does not exist`);
    const Status = propagation.isUnderWay ? ("IN_PROGRESS" as const) : ("DEPLOYED" as const);
    return { Accelerator: { AcceleratorArn, Name: "castle-lab", Enabled: true, Status } };
  }

  return {
    signingName: "globalaccelerator",
    regions: ["us-west-2"],
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "GlobalAccelerator_V20180706" }),
    failures: {
      throttled: rateExceeded,
      internal: () => modelledFault(InternalServiceErrorException$, "There was an internal error."),
    },
    operations: [
      operation<DescribeAcceleratorRequest>(DescribeAccelerator$, describeAccelerator),
      operation<DescribeEndpointGroupRequest>(DescribeEndpointGroup$, ({ EndpointGroupArn = "" }) =>
        describe(requireEndpointGroup(EndpointGroupArn, identifiers)),
      ),
      operation<UpdateEndpointGroupRequest>(UpdateEndpointGroup$, update, updateLimits),
    ],
  };
}
