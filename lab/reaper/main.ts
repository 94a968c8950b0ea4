/**
 * The reaper: outlives its owner by a moment, to end what the owner has started and remove its private folder. It
 * learns of the owner's death, SIGKILL included, by the end of the pipe between them.
 *
 * Arguments: the owner's mark, and the folder ("" for none).
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { processRow, processTable } from "../processes/table.ts";
import { ended, killTrees } from "../processes/tree.ts";
import { OWNER_MARK, type ReaperOrder } from "./orders.ts";

const [mark = "", folder = ""] = process.argv.slice(2);
const owned = new Map<number, string>();

// A terminal's Ctrl-C or hang-up is meant for the owner; the reaper has work to do after it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const order: ReaperOrder = JSON.parse(line);
  switch (order.kind) {
    case "own":
      owned.set(order.pid, order.started);
      break;
    case "disown":
      owned.delete(order.pid);
      break;
    case "release":
      process.exit(0);
      break;
    default:
      order satisfies never;
  }
}
await reap();

/** Repeated until nobody is found: what a dying process had just started shows at the next look. */
async function reap(): Promise<void> {
  for (;;) {
    const left = [...stillOwned(), ...marked()];
    if (left.length === 0) break;
    await ended(killTrees(left), 60_000);
  }
  if (folder !== "") await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** A pid alone proves nothing: it may be another process's by now. */
function stillOwned(): number[] {
  return [...owned]
    .filter(([pid, started]) => {
      const row = processRow(pid);
      return row !== undefined && !row.zombie && row.started === started;
    })
    .map(([pid]) => pid);
}

/** Processes that carry the mark, where the system shows environments (Linux): those started but not yet told of. */
function marked(): number[] {
  const sought = `${OWNER_MARK}=${mark}`;
  return [...processTable().values()]
    .filter((row) => {
      if (row.zombie) return false;
      try {
        return readFileSync(`/proc/${row.pid}/environ`, "latin1").split("\0").includes(sought);
      } catch {
        return false; // gone, another user's, or no /proc here
      }
    })
    .map((row) => row.pid);
}
