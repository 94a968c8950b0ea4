import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { homeRegion, peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import type { Lab } from "../lab.ts";
import { until } from "../processes/until.ts";

/** Why the lab is not whole (active in one cell, paired, followed, nothing broken), in words; null when it is. */
export async function whatIsBroken(lab: Lab, active?: RegionName): Promise<string | null> {
  const { witness, cells, link } = await lab.status();
  if (!witness) return "the witness does not answer";
  if (active !== undefined && witness.activeRegion !== active) return `${witness.activeRegion} is active`;
  if (witness.mode !== "paired") return `the cells are ${witness.mode}`;
  if (link.cut.length + link.stalled.length > 0) return "the link is not mended";
  for (const cell of cells) {
    const wanted = cell.region === witness.activeRegion ? "writer" : "reader";
    if (cell.state !== "up") return `${cell.region} is ${cell.state}`;
    if (cell.database !== wanted) return `the database in ${cell.region} is ${cell.database}`;
    if (cell.role?.epoch !== witness.epoch) return `the database in ${cell.region} is in another epoch`;
    const ill = cell.processes.find(({ state }) => state !== "running");
    if (ill) return `${ill.name} of ${cell.region} is ${ill.state}`;
  }
  const here = witness.activeRegion as CellRegion;
  for (const [region, wanted] of [
    [here, true],
    [peerOf(here), false],
  ] as const)
    for (const url of lab.internalUrl(region, "order-gateway"))
      if ((await isActive(url)) !== wanted)
        return `a gateway of ${region} ${wanted ? "does not accept" : "believes itself active"}`;
  return null;
}

/** Waits for the lab to be whole. @throws Error that says what is broken */
export async function untilWhole(
  lab: Lab,
  options: { readonly withinMs: number; readonly active?: RegionName; readonly signal?: AbortSignal },
): Promise<void> {
  let broken: string | null = "not looked at yet";
  await until(
    async () => {
      broken = await whatIsBroken(lab, options.active);
      return broken === null;
    },
    {
      what: () => `the lab to be whole (${broken})`,
      withinMs: options.withinMs,
      everyMs: 100,
      ...(options.signal ? { signal: options.signal } : {}),
    },
  );
}

/** Whether another story may begin on the lab: home active, paired, nothing broken. */
export const isAsNew = (lab: Lab): Promise<boolean> =>
  untilWhole(lab, { withinMs: 8_000, active: homeRegion }).then(
    () => true,
    () => false,
  );

const isActive = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz/active`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
