import { formatBytes, formatMs } from "@castle/dr-runbooks/report/format.ts";
import type { MachineFigures } from "./figures.ts";

/**
 * Beyond which something other than Castle held the machine, and figures of speed say nothing about Castle. Shares are of
 * what all cores together can do.
 */
export const heldBounds = {
  /** Of all other processes. */
  othersShare: 0.1,
  /** The same within any two seconds: a burst spoils a p99 that is taken over a minute. */
  othersPeakShare: 0.35,
  /** As long as nothing waits for a core, others take nothing away. Share of the time. */
  waitingShare: 0.05,
  /** Of what the host gave to other guests. */
  stolenShare: 0.05,
  stolenPeakShare: 0.2,
  fsync: {
    /** p99, as a multiple of what it was before the lab started; and less than this many milliseconds harms nobody. */
    timesIdle: 8,
    leastMs: 50,
    /** A small write that waits for a core looks slow, too. At the disk itself it must be, and then no core is waited for. */
    diskTimesIdle: 8,
    diskLeastMs: 2,
    /** A second, written by everybody here: up to this, it is not us who make the disk slow. */
    filledBytes: 64 * 2 ** 20,
  },
} as const;

/**
 * What other than Castle held the machine, in words and with both figures; null when nothing did, or nothing is known: then
 * a figure counts. That Castle itself fills the machine is never a reason. Pure.
 * @param idle the machine before the lab started
 */
export function heldByOthers(figures: MachineFigures | null, idle: MachineFigures | null): string | null {
  if (!figures) return null;
  return [heldByProcesses(figures), heldByHost(figures), heldByDisk(figures, idle)].find(Boolean) ?? null;
}

function heldByProcesses({ cpu, waiting, largestOthers }: MachineFigures): string | null {
  if (!cpu || (waiting.cpu !== null && waiting.cpu < heldBounds.waitingShare)) return null;
  const programs = largestOthers.map(({ program }) => program).join(", ");
  const who = `other processes${programs && ` (${programs})`}`;
  return exceeded(who, "used", cpu.castle, [
    [cpu.others, heldBounds.othersShare, ""],
    [cpu.othersPeak, heldBounds.othersPeakShare, " within two seconds"],
  ]);
}

function heldByHost({ cpu }: MachineFigures): string | null {
  if (!cpu) return null;
  return exceeded("the host", "withheld", cpu.castle, [
    [cpu.stolen, heldBounds.stolenShare, ""],
    [cpu.stolenPeak, heldBounds.stolenPeakShare, " within two seconds"],
  ]);
}

function exceeded(
  who: string,
  did: string,
  castle: number,
  shares: readonly (readonly [share: number, bound: number, within: string])[],
): string | null {
  const beyond = shares.find(([share, bound]) => share > bound);
  if (!beyond) return null;
  const [share, bound, within] = beyond;
  return `${who} ${did} ${percent(share)} of the machine${within} (at most ${percent(bound)}), Castle used ${percent(castle)}`;
}

function heldByDisk(figures: MachineFigures, idle: MachineFigures | null): string | null {
  const { fsyncMs, disk } = figures;
  const { timesIdle, leastMs, filledBytes } = heldBounds.fsync;
  if (!fsyncMs || !disk || !idle?.fsyncMs) return null;
  if (fsyncMs.p99 < Math.max(leastMs, timesIdle * idle.fsyncMs.p99) || !isSlow(disk, idle.disk)) return null;
  if (disk.bytesPerSecond > filledBytes && disk.castleBytesPerSecond * 2 >= disk.bytesPerSecond) return null;
  const written = `${formatBytes(disk.castleBytesPerSecond)} of ${formatBytes(disk.bytesPerSecond)} a second written to it were Castle's`;
  return `the disk took ${formatMs(fsyncMs.p99)} (p99) for a small write, and ${formatMs(idle.fsyncMs.p99)} before the lab started; ${written}`;
}

type Disk = NonNullable<MachineFigures["disk"]>;

function isSlow({ msPerWrite }: Disk, idle: Disk | null): boolean {
  const { diskTimesIdle, diskLeastMs } = heldBounds.fsync;
  if (msPerWrite === null || idle === null || idle.msPerWrite === null) return false;
  return msPerWrite > Math.max(diskLeastMs, diskTimesIdle * idle.msPerWrite);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
