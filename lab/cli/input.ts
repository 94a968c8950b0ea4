import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import { symbols as everySymbol, findSymbol } from "@castle/services/kernel/domain/symbols.ts";
import { timings } from "../aws/pace.ts";
import type { LabOptions } from "../lab.ts";
import { cellChannels, type LinkChannel, linkChannels } from "../link/channels.ts";

/** @throws UsageError that names the regions with a cell */
export function regionNamed(name: string): CellRegion {
  const found = cellRegions.find((region) => region === name);
  if (!found) throw new UsageError(`region "${name}" holds no cell; cells: ${cellRegions.join(", ")}`);
  return found;
}

/** Without a name: those between the cells. @throws UsageError that names the channels */
export function channelNamed(name: string | undefined): readonly LinkChannel[] {
  if (name === undefined) return cellChannels;
  const found = linkChannels.find((channel) => channel === name);
  if (!found)
    throw new UsageError(`channel "${name}" is not one of the link's; known: ${linkChannels.join(", ")}`);
  return [found];
}

const LONGEST_ROUND_TRIP_MS = 10_000;

/** @throws UsageError */
export const roundTrip = (value: string): number =>
  wholeNumber("the round-trip time", value, 0, LONGEST_ROUND_TRIP_MS);

/** The options of `castle lab up`. @throws UsageError with every mistake */
export function labOptions(given: Readonly<Record<string, unknown>>): LabOptions {
  const mistakes: string[] = [];
  const read = (option: string, value: unknown, least: number, most: number): number | undefined => {
    if (value === undefined) return undefined;
    try {
      return wholeNumber(option, value, least, most);
    } catch (mistake) {
      mistakes.push(mistake instanceof Error ? mistake.message : String(mistake));
      return undefined;
    }
  };
  const names = given.symbols === undefined ? undefined : String(given.symbols).split(",");
  for (const name of names ?? [])
    if (!findSymbol(name))
      mistakes.push(
        `unknown symbol "${name}"; known: ${everySymbol.map((symbol) => symbol.name).join(", ")}`,
      );
  const timing = timings.find((known) => known === given.timing);
  if (given.timing !== undefined && !timing)
    mistakes.push(`--timing is one of ${timings.join(", ")}, not "${given.timing}"`);
  const options = {
    timing,
    rttMs: read("--rtt", given.rtt, 0, LONGEST_ROUND_TRIP_MS),
    apiPort: read("--api-port", given.apiPort, 1, 65_535),
    streamPort: read("--stream-port", given.streamPort, 1, 65_535),
    symbols: names,
    folder: typeof given.folder === "string" ? given.folder : undefined,
    keep: given.keep === true ? true : undefined,
  };
  if (mistakes.length > 0) throw new UsageError(mistakes.join("\n"));
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function wholeNumber(what: string, value: unknown, least: number, most: number): number {
  const parsed = Number(value);
  if (value !== "" && Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
  throw new UsageError(`${what} must be a whole number from ${least} to ${most}, not "${value}"`);
}
