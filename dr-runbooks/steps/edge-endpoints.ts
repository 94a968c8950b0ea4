import { minutes, seconds } from "@castle/regions/duration.ts";
import { describeEndpoint, updateEndpoint } from "../aws/calls.ts";
import { ADMITTED, PINNED } from "../aws/edge-endpoint.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** A former failover may have pinned the target's endpoint to 0, which keeps it out however healthy it is. */
export const admitTargetEndpoint: Step<Handover> = {
  name: "admit-target-endpoint",
  purpose:
    "Give the target's endpoint its weight back, so that the edge may send traffic there once it is active.",
  timeout: minutes(1),
  calls: [describeEndpoint, updateEndpoint],
  ifItFails: failure(
    "Nothing that trades has been changed: the active cell keeps the role. Handing over now would leave the target without traffic, however healthy it is.",
    [
      "See with `castle status` which weight the target's endpoint has.",
      "Ask the accelerator's control plane, which is in us-west-2 whatever the regions: `aws globalaccelerator describe-endpoint-group --endpoint-group-arn ARN --region us-west-2`.",
      "Run the same command again once it answers.",
    ],
  ),
  isDone: async ({ to }) => ((await to.endpoint.weight()) ?? PINNED) > PINNED,
  run: ({ to }) => to.endpoint.setWeight(ADMITTED),
};

/**
 * The same when there is no time to lose: health checks move the traffic, and a global service's control plane is not
 * waited for before the target is open.
 */
export const admitTargetEndpointAfterwards: Step<Handover> = {
  ...admitTargetEndpoint,
  timeout: seconds(5),
  bestEffort: true,
  ifItFails: failure(
    "The target is open. Only if a former failover had pinned its endpoint to weight 0 is it out of the traders' reach; nothing is at risk.",
    [
      "See with `castle status` which weight the target's endpoint has: anything above 0 is well.",
      "Set it once the accelerator answers: `aws globalaccelerator update-endpoint-group --endpoint-group-arn ARN --endpoint-configurations EndpointId=LOADBALANCER,Weight=128 --region us-west-2`.",
    ],
  ),
};

export const pinOldEndpoint: Step<Handover> = {
  name: "pin-old-endpoint",
  purpose:
    "Set the old cell's endpoint weight to 0, so that no traffic goes back there by itself. Best effort.",
  timeout: seconds(5),
  bestEffort: true,
  calls: [describeEndpoint, updateEndpoint],
  ifItFails: failure(
    "The target is open and has the traffic. Should the old region come back, the edge might send somebody to it, who is refused there: its epoch is over, so nothing can go wrong with data.",
    [
      "Take the old cell out once the accelerator answers: `castle isolate --region OLD` sets the weight to 0.",
    ],
  ),
  isDone: async ({ from }) => (await from.endpoint.weight()) === PINNED,
  run: ({ from }) => from.endpoint.setWeight(PINNED),
};
