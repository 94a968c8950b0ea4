import type { RegionName } from "@castle/regions/catalogue.ts";
import type { LinkChannel } from "../link/channels.ts";

/** What a member of a global database or datastore can count on at this moment. */
export interface CellConditions {
  /** The region is up: neither down nor frozen. */
  runs(region: RegionName): boolean;
  /** The channel between the cells is neither cut nor stalled. */
  carries(channel: LinkChannel): boolean;
}
