import { Duration } from "@castle/regions/duration.ts";
import { PreviewRefused } from "./refused.ts";

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR };

/** A preview is for looking at: one that lives longer is an environment, and has a file of its own. */
const LONGEST = Duration.ms(14 * 24 * HOUR);

/** @param text hours or days: `8h`, `3d`. @throws PreviewRefused */
export function timeToLive(text: string): Duration {
  const [, number = "", unit = ""] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (!(ms > 0 && ms <= LONGEST.ms))
    throw new PreviewRefused(`--ttl ${text} is no time to live: 1h to 14d, such as 8h or 3d`);
  return Duration.ms(ms);
}

/** In hours, and days where there are some: `2d 3h`; what is under an hour in minutes. Pure. */
export function spanOf(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 60) return `${minutes}min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
