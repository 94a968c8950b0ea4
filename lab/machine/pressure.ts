import { readProc } from "./read-proc.ts";

/** How long at least one task could not go on for want of something: microseconds since the machine started. */
export interface Pressure {
  readonly cpu: number | null;
  readonly io: number | null;
  readonly memory: number | null;
}

/** Of the text of a file below /proc/pressure; null when it is none. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

/** null where the kernel does not tell: it is older than 4.20, or was built or started without. */
export const readPressure = (): Pressure => ({
  cpu: pressureOf("cpu"),
  io: pressureOf("io"),
  memory: pressureOf("memory"),
});

function pressureOf(resource: keyof Pressure): number | null {
  const text = readProc(`pressure/${resource}`);
  return text === null ? null : parsePressure(text);
}
