import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export const edgeHealth: Check = {
  name: "edge-health",
  why: "The edge leads traders by health: to the active cell, and to no other, or they end at a cell that refuses them.",
  mend: "Look at /healthz/active of the gateways in the cell whose endpoint is told otherwise, and at its load balancer's target groups.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const [ofActive, ofPeer] = await Promise.all([world.edge(active), world.edge(peer)]);
    return judgeEdgeHealth(
      [active, ofActive.endpoint?.health ?? "absent"],
      [peer, ofPeer.endpoint?.health ?? "absent"],
    );
  },
};

type Told = readonly [region: string, health: string];

/** Pure. */
export function judgeEdgeHealth([active, ofActive]: Told, [peer, ofPeer]: Told): Verdict {
  const against = [
    ...(ofActive === "HEALTHY" ? [] : [`the endpoint of ${active}, which is active, is ${ofActive}`]),
    ...(ofPeer === "HEALTHY" ? [`the endpoint of ${peer} is HEALTHY, and it is standby`] : []),
  ];
  return judged(against, {
    found: `${active} HEALTHY, ${peer} ${ofPeer}`,
    wanted: "the active cell's endpoint HEALTHY, and no other",
  });
}
