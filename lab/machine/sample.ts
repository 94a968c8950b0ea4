import { type CpuTimes, readCpuTimes } from "./cpu-times.ts";
import { type DiskTimes, readDiskTimes } from "./disk.ts";
import { type Pressure, readPressure } from "./pressure.ts";
import type { Consumed, TreeCpu } from "./tree-cpu.ts";

/** One reading of the machine's accounts. What it counts since the machine started grows from sample to sample. */
export interface MachineSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** null on a system that keeps no such account, here and below. */
  readonly cpu: CpuTimes | null;
  readonly pressure: Pressure;
  readonly disk: DiskTimes | null;
  /** Since the sample before. */
  readonly consumed: Consumed;
}

/** @param device of the disk to read, see disk.ts; null where none is known */
export const takeSample = (at: number, trees: TreeCpu, device: string | null): MachineSample => ({
  at,
  cpu: readCpuTimes(),
  pressure: readPressure(),
  disk: device === null ? null : readDiskTimes(device),
  consumed: trees.next(),
});
