import { regionNamed } from "@castle/regions/catalogue.ts";
import type { Settings } from "../../settings/settings.ts";
import { literal } from "./literal.ts";

/** What a cell is told that the other is told otherwise: a value that differs by nothing else is the same. */
export interface Fact {
  /** Stands for the value in what is compared. */
  readonly name: string;
  readonly value: string;
  /** Whether it counts inside of a longer text, too. */
  readonly within: boolean;
}

/**
 * The facts of the cell these settings are of. Seen from its own side each cell is the same: its region is "own", the
 * other's is "peer". A cell that names the wrong one of the two is therefore found.
 */
export function factsOf(settings: Settings): readonly Fact[] {
  const { region, stack, peer } = settings;
  return [
    ...regionFacts("own", region),
    { name: "own stack", value: stack, within: false },
    ...(peer
      ? [
          ...regionFacts("peer", peer.region),
          { name: "peer stack", value: peer.stack, within: false },
          { name: "peer VPC", value: peer.vpcId, within: true },
          { name: "peer journal", value: peer.journalEndpoint, within: true },
        ]
      : []),
  ];
}

function regionFacts(whose: "own" | "peer", name: string): Fact[] {
  const region = regionNamed(name);
  return [
    // Zones are named after their region, and differ with it.
    { name: `${whose} region`, value: name, within: true },
    { name: `${whose} city`, value: region.city, within: true },
    { name: `${whose} address range`, value: networkOf(region.cidr), within: true },
  ];
}

/** `10.20.` of `10.20.0.0/16`: what all addresses in the range begin with. */
const networkOf = (cidr: string): string => `${cidr.split(".").slice(0, 2).join(".")}.`;

/** Puts each fact's name where its value stands; longer values first, so that none is hidden by a part of it. */
export function inOwnWords(
  facts: readonly Fact[],
): (text: string) => { text: string; used: readonly string[] } {
  const inOrder = facts.toSorted((a, b) => b.value.length - a.value.length);
  return (text) => {
    const used = new Set<string>();
    let told = text;
    for (const { name, value, within } of inOrder) {
      const pattern = within ? boundary(value) : new RegExp(`^${literal(value)}$`);
      told = told.replace(pattern, () => {
        used.add(name);
        return `⟨${name}⟩`;
      });
    }
    return { text: told, used: [...used] };
  };
}

/** An address range must not begin in the middle of another number. */
const boundary = (value: string): RegExp =>
  new RegExp(/^\d/.test(value) ? `(?<![\\d.])${literal(value)}` : literal(value), "g");
