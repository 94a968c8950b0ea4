import type { Pressure } from "./pressure.ts";
import type { MachineSample } from "./sample.ts";

/** What the machine did between two samples. */
export interface MachineInterval {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** CPU in clock ticks; together, all that the machine had. null on a system that keeps no such account. */
  readonly cpu: {
    readonly castle: number;
    /** In the kernel, on behalf of anybody: its threads, and interrupts. */
    readonly kernel: number;
    readonly others: number;
    readonly stolen: number;
    readonly idle: number;
  } | null;
  /** Of `cpu.others`, by program, as far as those can be seen from here. */
  readonly otherPrograms: ReadonlyMap<string, number>;
  /** Microseconds in which something waited. */
  readonly waited: Pressure;
  /** null where the disk is not known. */
  readonly disk: {
    readonly writes: number;
    readonly writingMs: number;
    readonly writtenBytes: number;
    readonly castleBytes: number;
  } | null;
}

/**
 * Pure. Others are what is left of all that was busy: that counts those, too, whose processes cannot be seen from here,
 * as from within a container.
 */
export function intervalBetween(before: MachineSample, after: MachineSample): MachineInterval {
  return {
    from: before.at,
    to: after.at,
    cpu: cpuBetween(before, after),
    otherPrograms: after.consumed.others,
    waited: {
      cpu: grown(before.pressure.cpu, after.pressure.cpu),
      io: grown(before.pressure.io, after.pressure.io),
      memory: grown(before.pressure.memory, after.pressure.memory),
    },
    disk:
      before.disk && after.disk
        ? {
            writes: after.disk.writes - before.disk.writes,
            writingMs: after.disk.writingMs - before.disk.writingMs,
            writtenBytes: after.disk.writtenBytes - before.disk.writtenBytes,
            castleBytes: after.consumed.writtenBytes,
          }
        : null,
  };
}

function cpuBetween(before: MachineSample, after: MachineSample): MachineInterval["cpu"] {
  if (!before.cpu || !after.cpu) return null;
  const { consumed } = after;
  const busy = Math.max(0, after.cpu.busy - before.cpu.busy);
  const interrupts = Math.max(0, after.cpu.interrupts - before.cpu.interrupts);
  // Processes are charged to the nanosecond and the machine by the tick: the two may differ by a few ticks.
  const castle = Math.min(busy, consumed.trees);
  const kernel = Math.min(busy - castle, consumed.kernel + interrupts);
  return {
    ...{ castle, kernel, others: busy - castle - kernel },
    stolen: Math.max(0, after.cpu.stolen - before.cpu.stolen),
    idle: Math.max(0, after.cpu.idle - before.cpu.idle),
  };
}

const grown = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : Math.max(0, after - before);
