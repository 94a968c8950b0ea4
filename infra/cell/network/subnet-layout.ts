import type { TierRanges } from "../parts.ts";
import { type Cidr, fill, formatCidr, halves, parseCidr, sizeOf } from "./cidr.ts";

/** A VPC's address space, given out: each list has a range for each zone, in the order of the zones. */
export interface SubnetLayout extends TierRanges {
  /** What is kept for later, as many pieces in each zone; with the tiers it is the whole VPC, once. */
  readonly unused: readonly (readonly string[])[];
}

/**
 * Half of a zone's share is for nodes and pods: with the VPC CNI each pod has an address of its own, in blocks of 16.
 * Databases want few addresses, but room for a restored copy beside each; the public tier holds load balancers (AWS
 * asks for a /27 at least, with eight addresses free) and NAT gateways. The largest comes first, so that each begins
 * at a multiple of its size.
 */
const TIERS = { private: 1, data: 5, public: 6 } as const;

/** Public subnets of a smaller VPC are too small for load balancers; a larger one AWS refuses. */
const VPC_PREFIX = { shortest: 16, longest: 19 };

/**
 * Where each tier is, by three zones: a fourth share of the same size, and the rest of each zone's, stay free. Pure, and
 * never to change for a VPC that stands: a subnet whose range changes is replaced, with everything in it.
 * @param cidr the VPC's, for example `10.10.0.0/16`
 * @throws Error when it is no range, or of a size that does not suit
 */
export function layOutSubnets(cidr: string): SubnetLayout {
  const vpc = parseCidr(cidr);
  if (vpc.prefix < VPC_PREFIX.shortest || vpc.prefix > VPC_PREFIX.longest)
    throw new Error(
      `a VPC of /${vpc.prefix} (${cidr}) does not suit three tiers in three zones; from /${VPC_PREFIX.shortest} to /${VPC_PREFIX.longest} do`,
    );
  const share = { prefix: vpc.prefix + 2 };
  const starts = [0, 1, 2].map((zone) => vpc.first + zone * sizeOf(share));
  const end = vpc.first + sizeOf(vpc);

  const tiers: Record<keyof typeof TIERS, string[]> = { private: [], data: [], public: [] };
  const rests = starts.map((start, zone) => {
    let next = start;
    for (const tier of ["private", "data", "public"] as const) {
      const range = { first: next, prefix: share.prefix + TIERS[tier] };
      tiers[tier].push(formatCidr(range));
      next += sizeOf(range);
    }
    return fill(next, starts[zone + 1] ?? end);
  });
  return { ...tiers, unused: byPiece(rests) };
}

/** awsx takes a range for each zone by piece, so every zone has to have as many pieces. */
function byPiece(rests: readonly (readonly Cidr[])[]): string[][] {
  const pieces = Math.max(...rests.map((rest) => rest.length));
  const even = rests.map((rest) => {
    const split = [...rest];
    while (split.length < pieces) split.push(...halves(split.pop() as Cidr));
    return split;
  });
  return Array.from({ length: pieces }, (_, at) => even.map((rest) => formatCidr(rest[at] as Cidr)));
}
