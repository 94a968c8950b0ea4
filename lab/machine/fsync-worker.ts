/**
 * Tries the disk out again and again, in a thread of its own: a slow disk must not hold up whoever runs the drill, nor a
 * busy drill make a disk look slow. Ends with its parent.
 */
import { parentPort, workerData } from "node:worker_threads";
import { now } from "../traders/clock.ts";
import { FsyncFile } from "./fsync-file.ts";
import type { FsyncTime } from "./fsync-watch.ts";

const { folder, everyMs } = workerData as { readonly folder: string; readonly everyMs: number };
const file = new FsyncFile(folder);
setInterval(() => {
  const ms = file.write();
  parentPort?.postMessage({ at: now(), ms } satisfies FsyncTime);
}, everyMs);
