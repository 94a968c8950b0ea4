import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import type { LabParts } from "./build.ts";
import type { LabLayout, ServiceInstance } from "./layout.ts";
import { ask } from "./processes/ask.ts";
import { until } from "./processes/until.ts";
import type { WitnessRegion } from "./witness/witness-region.ts";

const READY_WITHIN_MS = 60_000;

/**
 * Resolves when the platform can be traded on and can lose a region: the home cell active and open, the peer cell a
 * ready standby, the witness paired, the edge sending traders home. @throws Error that names what is lacking
 */
export async function bothCellsReady(
  { network, regions }: LabParts,
  { layout, witness, signal }: { layout: LabLayout; witness: WitnessRegion; signal: AbortSignal | undefined },
): Promise<void> {
  const lacking = new Set<string>();
  const check = async (name: string, holds: boolean | Promise<boolean>): Promise<void> => {
    if (await Promise.resolve(holds).catch(() => false)) lacking.delete(name);
    else lacking.add(name);
  };
  await until(
    async () => {
      await Promise.all([
        ...layout.cells
          .in(homeRegion)
          .services.map((instance) =>
            check(`${instance.name} in ${homeRegion}`, answers(instance, instance.service.healthPath)),
          ),
        ...layout.cells
          .in(peerRegion)
          .services.map((instance) =>
            check(`${instance.name} in ${peerRegion}`, answers(instance, "/healthz/ready")),
          ),
        check(
          "the witness (paired)",
          witness.witness.read().then(({ mode }) => mode === "paired"),
        ),
        check(
          "the edge",
          network.edge.groups.some((group) => group.region === homeRegion && group.health === "healthy"),
        ),
      ]);
      return lacking.size === 0;
    },
    {
      what: () =>
        `${[...lacking].join(", ")}; see the logs of ${regions.all.map(({ name }) => name).join(" and ")}`,
      withinMs: READY_WITHIN_MS,
      everyMs: 100,
      ...(signal ? { signal } : {}),
    },
  );
}

async function answers({ internalPort }: ServiceInstance, path: string): Promise<boolean> {
  return (await ask(`http://127.0.0.1:${internalPort}${path}`)).status === 200;
}
