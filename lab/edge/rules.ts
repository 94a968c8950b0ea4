import type { RegionName } from "@castle/regions/catalogue.ts";

/** An endpoint group with its one endpoint, the region's load balancer. */
export interface EndpointGroup {
  readonly region: RegionName;
  /** Traffic dial: per cent of the traffic that would come here which does. 0 to 100. */
  readonly dial: number;
  readonly endpoint: { readonly weight: number; readonly healthy: boolean };
}

/** Where new connections go: a region and its share of them, above 0; all shares together are 1. */
export interface Share {
  readonly region: RegionName;
  readonly share: number;
  /** `dialled`: as proximity and dials say; `failover`: that place is not healthy; `fail-open`: no place is. */
  readonly how: "dialled" | "failover" | "fail-open";
}

/**
 * Global Accelerator's choice of a region for new connections.
 *
 * - Proximity and the traffic dials choose a group; what a dial turns away goes to the next nearest.
 * - A group without a healthy endpoint of weight above 0 fails over to the nearest that has one, and for this the dials
 *   are ignored.
 * - If there is none anywhere it fails open: to the group nearest to the client (not the one the dials chose).
 *
 * Weight 0 keeps an endpoint out of all three. Source: Global Accelerator's developer guide, "How failover works for
 * unhealthy endpoints". What becomes of the rest when every dial is below 100 is not documented; here it goes to the
 * nearest group with a dial above 0.
 *
 * @param groups nearest to the client first
 * @returns the shares, empty when every weight is 0: then a connection is refused.
 */
export function route(groups: readonly EndpointGroup[]): readonly Share[] {
  const usable = (group: EndpointGroup): boolean => group.endpoint.weight > 0 && group.endpoint.healthy;
  const failover = groups.find(usable);
  const open = groups.find((group) => group.endpoint.weight > 0);
  if (!open) return [];
  if (!failover) return [{ region: open.region, share: 1, how: "fail-open" }];

  const shares = new Map<RegionName, Share>();
  for (const { group, share } of dialled(groups)) {
    const to = usable(group) ? group : failover;
    const how = to === group ? "dialled" : "failover";
    const before = shares.get(to.region);
    shares.set(to.region, {
      region: to.region,
      share: share + (before?.share ?? 0),
      how: before?.how ?? how,
    });
  }
  return [...shares.values()];
}

function dialled(groups: readonly EndpointGroup[]): { group: EndpointGroup; share: number }[] {
  let rest = 1;
  const chosen: { group: EndpointGroup; share: number }[] = [];
  for (const group of groups) {
    const share = rest * (group.dial / 100);
    rest -= share;
    if (share > 0) chosen.push({ group, share });
  }
  const nearest = groups.find((group) => group.dial > 0) ?? groups[0];
  if (rest > Number.EPSILON && nearest) chosen.push({ group: nearest, share: rest });
  return chosen;
}

/** The region for one connection. @param point evenly distributed in [0, 1) */
export function pick(shares: readonly Share[], point: number): RegionName | null {
  let sum = 0;
  for (const { region, share } of shares) {
    sum += share;
    if (point < sum) return region;
  }
  return shares.at(-1)?.region ?? null;
}
