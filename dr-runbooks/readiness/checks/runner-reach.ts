import { cellRegions, peerOf } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import type { CellRegion, Target } from "../../target.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export const runnerReach: Check = {
  name: "runner-reach",
  why: "A failover that needs anything of the lost region does not end.",
  mend: "Correct the target: each cell's addresses and names are its own region's, and the witness is in a third one.",
  severity: "blocks",
  deadline: seconds(1),
  look: async (world) => judgeReach(world.target),
};

/** Whether what a takeover of either cell needs is found outside the other's region, by addresses and ARNs. Pure. */
export function judgeReach(target: Pick<Target, "witness" | "cells">): Verdict {
  const { region: witness } = target.witness;
  const against = [
    ...(cellRegions.some((region) => region === witness)
      ? [`the witness is in ${witness}, beside a cell`]
      : []),
    ...cellRegions.flatMap((region) => leadsElsewhere(region, target.cells[region])),
    ...sharedServers(target),
  ];
  return judged(against, {
    found: `the witness is in ${witness}; each cell's servers and names are its own region's`,
    wanted: "nothing that a takeover needs in the region that is lost",
  });
}

function leadsElsewhere(region: CellRegion, cell: Target["cells"][CellRegion]): string[] {
  const other = peerOf(region);
  const hosts = (["databaseUrl", "journalUrl", "redisUrl"] as const)
    .filter((name) => new URL(cell[name]).hostname.includes(other))
    .map((name) => `${name} of ${region} leads to ${other}`);
  // arn:partition:service:region:account:…; the accelerator's are of no region.
  const arns = (["clusterArn", "endpointId"] as const)
    .filter((name) => cell[name].startsWith("arn:") && cell[name].split(":")[3] !== region)
    .map((name) => `${name} of ${region} is in ${cell[name].split(":")[3] || "no region"}`);
  return [...hosts, ...arns];
}

/** One address in both cells: then the peer has none of its own. */
function sharedServers({ cells }: Pick<Target, "cells">): string[] {
  const [one, other] = cellRegions;
  return (["databaseUrl", "journalUrl", "redisUrl"] as const)
    .filter((name) => new URL(cells[one][name]).host === new URL(cells[other][name]).host)
    .map((name) => `${name} is the same in both cells`);
}
