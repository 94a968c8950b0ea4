import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { startTraders } from "@castle/lab/traders/traders.ts";
import type { PathRun } from "./castle-path.ts";
import { type Measured, measure } from "./measure.ts";
import type { ProcessNames } from "./process-names.ts";
import { Reference } from "./reference/reference.ts";
import { atEnd, setting } from "./setting.ts";

/**
 * The reference under the load that Castle gets, without its listeners: there is nothing to listen to.
 * @throws what could not be started, or ended by itself; the signal's reason. Nothing is left running in any case
 */
export async function measureReference({ plan, signal, onProgress }: PathRun): Promise<Measured> {
  await using reference = await Reference.up(setting);
  signal.throwIfAborted();
  const { symbols, seed } = setting;
  const traders = await startTraders({
    ...{ accounts: reference.accounts, symbols, rps: plan.rps, seed },
    edge: { api: reference.api, stream: null },
    recordsFolder: await mkdtemp(join(reference.folder, "records-")),
  });
  await using _traders = atEnd(() => traders.kill());
  onProgress("the reference path is under load");
  const processNames = (): ProcessNames =>
    reference
      .processNames()
      .set(process.pid, "bench")
      .set(traders.pid ?? 0, "traders");
  return await Promise.race([measure({ traders, processNames }, plan, signal), reference.failure]);
}
