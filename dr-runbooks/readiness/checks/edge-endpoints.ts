import { cellRegions } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { ADMITTED } from "../../aws/edge-endpoint.ts";
import type { EdgeGroup } from "../../aws/readiness-edge.ts";
import { type Check, judged, type Verdict } from "../check.ts";

const HEALTH_PATH = "/healthz/active";
/** Longer, and nobody could say that the edge moves the traffic by itself. */
const MOST_DETECTION_SECONDS = 90;

export type Groups = readonly (readonly [region: string, group: EdgeGroup])[];

export const edgeEndpoints: Check = {
  name: "edge-endpoints",
  why: "An endpoint of weight 0 is kept out however healthy it is: a takeover would open a cell that no trader reaches.",
  mend: "Bring a cell that was isolated back with castle rejoin --region REGION, which gives its endpoint the weight again; set the rest with aws globalaccelerator update-endpoint-group.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) =>
    judgeEdgeEndpoints(
      await Promise.all(cellRegions.map(async (region) => [region, await world.edge(region)] as const)),
    ),
};

/**
 * Of a load balancer the accelerator takes the health of its target groups, and its own path goes unasked: TCP without
 * one is what it then shows. Where a path is asked, it is the one that is green in the active cell alone. Source: Global
 * Accelerator developer guide, "Changing health check options". Pure.
 */
export function judgeEdgeEndpoints(groups: Groups): Verdict {
  const against = groups.flatMap(([region, group]) => [
    ...(group.endpoint === null ? [`the load balancer in ${region} has been taken out of its group`] : []),
    ...(group.endpoint !== null && group.endpoint.weight !== ADMITTED
      ? [`the endpoint in ${region} has weight ${group.endpoint.weight}`]
      : []),
    ...(group.strangers.length === 0 ? [] : [`${region} leads to ${group.strangers.join(", ")} too`]),
    ...(group.dial === 100 ? [] : [`the traffic dial of ${region} is ${group.dial} %`]),
    ...(group.protocol === "TCP" || group.path === HEALTH_PATH
      ? []
      : [`health in ${region} is asked at ${group.path ?? "no path"}`]),
    ...(detectionSeconds(group) <= MOST_DETECTION_SECONDS
      ? []
      : [`a loss of ${region} is noticed after ${detectionSeconds(group)} s`]),
  ]);
  const told = groups.map(([, { interval, threshold }]) => `${threshold} × ${interval.seconds} s`);
  return judged(
    [...against, ...(new Set(told).size > 1 ? [`health checks differ: ${told.join(" and ")}`] : [])],
    {
      found: `weight ${ADMITTED} and dial 100 in both, health ${told[0] ?? "not told"}`,
      wanted: `weight ${ADMITTED}, dial 100, health ${HEALTH_PATH}, the same in both, noticed within ${MOST_DETECTION_SECONDS} s`,
    },
  );
}

/** How long the accelerator takes to count an endpoint out, by its own settings. */
export const detectionSeconds = ({
  interval,
  threshold,
}: Pick<EdgeGroup, "interval" | "threshold">): number => interval.seconds * threshold;
