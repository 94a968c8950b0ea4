import { minutes, seconds } from "@castle/regions/duration.ts";
import { ADMITTED, PINNED } from "../aws/edge-endpoint.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

/** A former failover may have pinned the target's endpoint to 0, which keeps it out however healthy it is. */
export const admitTargetEndpoint: Step<Handover> = {
  name: "admit-target-endpoint",
  purpose:
    "Give the target's endpoint its weight back, so that the edge may send traffic there once it is active.",
  timeout: minutes(1),
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
};

export const pinOldEndpoint: Step<Handover> = {
  name: "pin-old-endpoint",
  purpose:
    "Set the old cell's endpoint weight to 0, so that no traffic goes back there by itself. Best effort.",
  timeout: seconds(5),
  bestEffort: true,
  isDone: async ({ from }) => (await from.endpoint.weight()) === PINNED,
  run: ({ from }) => from.endpoint.setWeight(PINNED),
};
