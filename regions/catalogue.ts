/**
 * The facts of every region Castle uses, once. Infrastructure, services, lab and documentation read them here.
 *
 * Round-trip times are the inter-region medians that AWS publishes in Network Manager's Infrastructure
 * Performance (p50 over 30 days, rounded to the millisecond); re-read them there before relying on a margin.
 */
export const regionNames = ["eu-west-1", "eu-central-1", "eu-west-3"] as const;

export type RegionName = (typeof regionNames)[number];

/** A region that holds a cell: every region but the witness's. */
export type CellRegion = Exclude<RegionName, "eu-west-3">;

/** What the region is for: the two cells, or the third place that only names who is active. */
export type RegionPurpose = "home" | "peer" | "witness";

export interface Region {
  readonly name: RegionName;
  readonly city: string;
  readonly purpose: RegionPurpose;
  /** The VPC's address range; the cells are peered, so ranges never overlap. */
  readonly cidr: string;
  readonly zones: readonly [string, string, string];
}

export const regions: Readonly<Record<RegionName, Region>> = {
  "eu-west-1": {
    name: "eu-west-1",
    city: "Dublin",
    purpose: "home",
    cidr: "10.10.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  },
  "eu-central-1": {
    name: "eu-central-1",
    city: "Frankfurt",
    purpose: "peer",
    cidr: "10.20.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  },
  "eu-west-3": {
    name: "eu-west-3",
    city: "Paris",
    purpose: "witness",
    cidr: "10.30.0.0/16",
    zones: ["eu-west-3a", "eu-west-3b", "eu-west-3c"],
  },
};

/**
 * Range of the VPC for observability and SIEM, beside the home cell's, with which it is peered. It meets no region's, so
 * that it may be peered with any of them.
 */
export const adminCidr = "10.40.0.0/19";

const roundTrips: readonly (readonly [RegionName, RegionName, number])[] = [
  ["eu-west-1", "eu-central-1", 25],
  ["eu-west-1", "eu-west-3", 18],
  ["eu-central-1", "eu-west-3", 10],
];

/** The published median round-trip time between two regions, in milliseconds; 0 within one region. */
export function roundTripMs(a: RegionName, b: RegionName): number {
  if (a === b) return 0;
  const found = roundTrips.find(([x, y]) => (x === a && y === b) || (x === b && y === a));
  if (!found) throw new Error(`no round-trip time between ${a} and ${b} in regions/catalogue.ts`);
  return found[2];
}

/** @throws Error that names the unknown region and the known ones. */
export function regionNamed(name: string): Region {
  const found = regionNames.find((known) => known === name);
  if (!found)
    throw new Error(`region "${name}" is not in regions/catalogue.ts; known: ${regionNames.join(", ")}`);
  return regions[found];
}

const withPurpose = <Name extends RegionName>(purpose: RegionPurpose, candidates: readonly Name[]): Name => {
  const found = candidates.find((name) => regions[name].purpose === purpose);
  if (!found) throw new Error(`no region has the purpose "${purpose}" in regions/catalogue.ts`);
  return found;
};

const holdsCell = (name: RegionName): name is CellRegion => regions[name].purpose !== "witness";

export const homeRegion: CellRegion = withPurpose("home", regionNames.filter(holdsCell));
export const peerRegion: CellRegion = withPurpose("peer", regionNames.filter(holdsCell));
export const witnessRegion: RegionName = withPurpose("witness", regionNames);

/** The two regions that hold a cell, home first. */
export const cellRegions: readonly [CellRegion, CellRegion] = [homeRegion, peerRegion];

/** The other cell's region. @throws Error when `region` holds none. */
export function peerOf(region: RegionName): CellRegion {
  if (region === homeRegion) return peerRegion;
  if (region === peerRegion) return homeRegion;
  throw new Error(`${region} holds no cell; cells: ${cellRegions.join(", ")}`);
}
