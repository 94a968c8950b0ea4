import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { openAccounts } from "@castle/lab/accounts.ts";
import { Lab } from "@castle/lab/lab.ts";
import type { LabProcess } from "@castle/lab/lab-process.ts";
import { fundsFor } from "@castle/lab/traders/mid-price.ts";
import { startTraders } from "@castle/lab/traders/traders.ts";
import { cellRegions } from "@castle/regions/catalogue.ts";
import { type LoadPlan, type Measured, measure } from "./measure.ts";
import type { ProcessNames } from "./process-names.ts";
import { WindowProfiler } from "./profiler.ts";
import { atEnd, setting } from "./setting.ts";

export interface PathRun {
  readonly plan: LoadPlan;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/**
 * A whole lab under the drill's load, with nothing broken and nobody operating it.
 * @param profiles where CPU profiles of the services go; null: none are taken
 * @throws what the lab or its traders could not do; the signal's reason. Nothing is left running in any case
 */
export async function measureCastle(run: PathRun, profiles: string | null): Promise<Measured> {
  const { plan, signal, onProgress } = run;
  const profiler = profiles === null ? undefined : new WindowProfiler(profiles, () => servicesOf(lab));
  const { symbols, seed, accounts: count, roundTripMs: rttMs } = setting;
  const lab = await Lab.up({
    ...{ rttMs, symbols, signal },
    ...(profiler ? { serviceEnvironment: profiler.environment } : {}),
  });
  await using _lab = atEnd(() => lab.down());
  const accounts = await openAccounts(lab, { count, seed, funds: fundsFor(symbols) });
  signal.throwIfAborted();
  const traders = await startTraders({
    ...{ edge: lab.edge, accounts, symbols, rps: plan.rps, seed },
    recordsFolder: await mkdtemp(join(lab.folder, "records-")),
  });
  await using _traders = atEnd(() => traders.kill());
  onProgress("both cells are ready and under load");
  return await measure({ traders, profiler, processNames: () => namesOf(lab, traders.pid) }, plan, signal);
}

function namesOf(lab: Lab, traders: number | undefined): ProcessNames {
  const names = new Map([[process.pid, "lab supervisor"]]);
  if (traders !== undefined) names.set(traders, "traders");
  for (const { region, name, pids } of processesOf(lab))
    for (const pid of pids) names.set(pid, `${region} ${name}`);
  return names;
}

const processesOf = (lab: Lab): LabProcess[] => cellRegions.flatMap((region) => lab.region(region).processes);

/** Servers have no internal port. */
const servicesOf = (lab: Lab): LabProcess[] =>
  processesOf(lab).filter(({ internalPort }) => internalPort !== null);
