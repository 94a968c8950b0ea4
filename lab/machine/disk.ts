import { statSync } from "node:fs";
import { readProc } from "./read-proc.ts";

/** What a disk did since the machine started: writes and flushes, those of every process and of the kernel. */
export interface DiskTimes {
  readonly writes: number;
  /** Milliseconds that they took at the disk, from being handed to it, one by one: what waits for a core is not in it. */
  readonly writingMs: number;
  readonly writtenBytes: number;
}

/** Of the kernel's accounts, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;

/**
 * Of the text of /proc/diskstats; null when the disk is not in it. Fields as in the kernel's
 * Documentation/admin-guide/iostats.rst; flushes are counted from Linux 5.5 on.
 * @param device major and minor number, as in `254:0`
 */
export function parseDiskTimes(text: string, device: string): DiskTimes | null {
  for (const line of text.split("\n")) {
    const [major, minor, , ...fields] = line.trim().split(/\s+/);
    if (`${major}:${minor}` !== device) continue;
    const field = (number: number): number => Number(fields[number - 1] ?? 0);
    return {
      writes: field(5) + field(16),
      writingMs: field(8) + field(17),
      writtenBytes: field(7) * SECTOR_BYTES,
    };
  }
  return null;
}

/** Major and minor number of the disk that a folder is on, as in `254:0`. @throws Error when there is no such folder */
export function deviceOf(folder: string): string {
  const { dev } = statSync(folder);
  // The encoding of the C library's makedev().
  const major = ((dev >>> 8) & 0xfff) | (Math.floor(dev / 2 ** 32) & ~0xfff);
  const minor = (dev & 0xff) | ((dev >>> 12) & ~0xff);
  return `${major}:${minor}`;
}

/** null for what is no disk to the kernel (a layered or a memory file system), and on systems without /proc. */
export function readDiskTimes(device: string): DiskTimes | null {
  const text = readProc("diskstats");
  return text === null ? null : parseDiskTimes(text, device);
}

/** Bytes that a process (and children of it that ended) had written to a disk; null when that may not be read. */
export function readWrittenBytes(pid: number): number | null {
  const written = /^write_bytes: (\d+)$/m.exec(readProc(`${pid}/io`) ?? "")?.[1];
  return written === undefined ? null : Number(written);
}
