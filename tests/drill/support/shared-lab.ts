import { runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { Lab } from "@castle/lab/lab.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerOf, peerRegion } from "@castle/regions/catalogue.ts";

const GATEWAYS = 2;

let shared: Promise<Lab> | undefined;

/** Root hook: the lab of the drill tests ends with the last of them. */
after(async function () {
  this.timeout(600_000);
  await (await shared)?.down();
});

/**
 * One lab for every test that leaves it whole, with two gateways a cell: active at home, paired, and followed by the
 * peer's database. Starts with the first call; hands the role home when a test has left it with the peer.
 */
export async function sharedLab(): Promise<Lab> {
  shared ??= Lab.up({ gateways: GATEWAYS });
  const lab = await shared;
  const active = (await lab.status()).witness?.activeRegion as CellRegion;
  await onlyActive(lab, active);
  if (active === peerRegion) {
    await runSwitchover({ target: lab.target, to: homeRegion });
    await onlyActive(lab, homeRegion);
  }
  return lab;
}

/** How many of the region's gateways accept commands. */
export async function activeGateways(lab: Lab, region: CellRegion): Promise<number> {
  const answers = await Promise.all(
    lab.internalUrl(region, "order-gateway").map((url) =>
      fetch(`${url}/healthz/active`, { signal: AbortSignal.timeout(1_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return answers.filter(Boolean).length;
}

/** Until the region alone accepts, both are paired, and the other's database follows: it can be promoted next. */
export const onlyActive = (lab: Lab, region: CellRegion): Promise<void> =>
  until(
    async () => {
      const { witness, cells } = await lab.status();
      const peer = cells.find((cell) => cell.region === peerOf(region));
      return (
        witness?.mode === "paired" &&
        peer?.database === "reader" &&
        peer.role?.epoch === witness.epoch &&
        (await activeGateways(lab, region)) === GATEWAYS &&
        (await activeGateways(lab, peerOf(region))) === 0
      );
    },
    { what: `${region} to be active alone, paired, and followed`, withinMs: 60_000 },
  );
