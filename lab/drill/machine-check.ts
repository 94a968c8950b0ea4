import { tmpdir } from "node:os";
import type { MachineFigures } from "../machine/figures.ts";
import { labNeeds, MachineUnfit, readMeans, unmetNeeds } from "../machine/fitness.ts";
import { heldByOthers } from "../machine/held.ts";
import { measureIdle } from "../machine/idle.ts";
import type { Chronicle } from "./chronicle.ts";
import { limits } from "./limits.ts";
import type { DrillOptions } from "./options.ts";

/**
 * Before a lab starts: whether the machine will do for it, and how it is without one.
 * @throws MachineUnfit with what it lacks, and the remedies
 */
export async function checkMachine(
  { accounts, judgeSpeed }: DrillOptions,
  chronicle: Chronicle,
): Promise<MachineFigures | null> {
  const folder = tmpdir();
  const idle = await measureIdle(folder);
  const held = heldByOthers(idle, null);
  // A write that waits for a core behind others looks slow: nothing is known of the disk then.
  const fsyncMs = held === null ? (idle?.fsyncMs?.p50 ?? null) : null;
  const needs = labNeeds({ accounts, judgeSpeed, memoryBytes: limits.memoryBytes });
  const unmet = unmetNeeds(readMeans(folder, fsyncMs), needs, folder);
  if (unmet.length > 0) throw new MachineUnfit(unmet);
  if (held !== null && judgeSpeed)
    chronicle.tell({ kind: "note", text: `${held}: speed is judged only while that is not so` });
  return idle;
}
