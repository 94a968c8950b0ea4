import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { seconds } from "@castle/regions/duration.ts";
import { listExecutions } from "../../engine/record.ts";
import type { ExecutionState } from "../../engine/state.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export const executions: Check = {
  name: "executions",
  why: "A handover that was begun and not finished leaves the role in between, and one that cannot be recorded is not begun.",
  mend: "Look at castle runs, and finish what was begun: run the same command again. Make the target's runsFolder writable.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { runsFolder } = world.target;
    const [known, writable] = await Promise.all([listExecutions(runsFolder), isWritable(runsFolder)]);
    return judgeExecutions(known, { folder: runsFolder, writable });
  },
};

/** Pure. */
export function judgeExecutions(
  known: readonly Pick<ExecutionState, "id" | "finished">[],
  { folder, writable }: { readonly folder: string; readonly writable: boolean },
): Verdict {
  const unfinished = known.filter(({ finished }) => finished === null).map(({ id }) => id);
  const against = [
    ...(unfinished.length === 0 ? [] : [`unfinished: ${unfinished.join(", ")}`]),
    ...(writable ? [] : [`${folder} cannot be written`]),
  ];
  return judged(against, {
    found: `${known.length} recorded, none unfinished; the folder is writable`,
    wanted: "no unfinished execution, a folder that can be written",
  });
}

/** Whether records can be made there; a folder that is not there yet is made by the first of them. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return missing && dirname(folder) !== folder ? isWritable(dirname(folder)) : false;
  }
}
