import { setTimeout as pause } from "node:timers/promises";
import { now } from "../traders/clock.ts";
import { deviceOf } from "./disk.ts";
import { type MachineFigures, machineFigures } from "./figures.ts";
import { FsyncFile } from "./fsync-file.ts";
import type { FsyncTime } from "./fsync-watch.ts";
import { intervalBetween } from "./interval.ts";
import { takeSample } from "./sample.ts";
import { TreeCpu } from "./tree-cpu.ts";

const LASTS_MS = 1_000;
const PAUSE_MS = 5;

/**
 * The machine as it is before a lab starts: a second of its accounts, and of small writes to the disk below the folder,
 * one after the other. @throws Error when the folder cannot be written to
 */
export async function measureIdle(folder: string): Promise<MachineFigures | null> {
  const file = new FsyncFile(folder);
  try {
    const device = deviceOf(folder);
    const trees = new TreeCpu([process.pid]);
    const before = takeSample(now(), trees, device);
    const fsyncs: FsyncTime[] = [];
    while (now() < before.at + LASTS_MS) {
      const ms = file.write();
      fsyncs.push({ at: now(), ms });
      await pause(PAUSE_MS);
    }
    const after = takeSample(now(), trees, device);
    const window = { from: before.at, to: after.at };
    return machineFigures({ intervals: [intervalBetween(before, after)], fsyncs }, [window]);
  } finally {
    file.close();
  }
}
