import type { CellContext } from "../cell/context.ts";

export interface Origin {
  readonly id: string;
  readonly domainName: string;
}

/**
 * The buckets that the portal is served from, this cell's first: their names are known, so neither need exist yet, nor
 * its region answer. One while the cell stands alone.
 */
export const originsOf = ({ names, region, peer, settings }: CellContext): readonly Origin[] =>
  [settings.region, ...(peer && settings.peer ? [settings.peer.region] : [])].map((cell) => ({
    id: cell === region.name ? "home" : "peer",
    // By its region: the plain name of a bucket leads through us-east-1 while it is new.
    domainName: `${names.bucket("frontend", cell)}.s3.${cell}.amazonaws.com`,
  }));

/** What sends a reader to the other bucket: that the region fails, never that a page does not exist. */
export const FAILS_OVER_ON = [500, 502, 503, 504];
