import type { RegionName } from "@castle/regions/catalogue.ts";

/** What crosses between the regions, each over wires of its own so that one can fail without the others. */
export const linkChannels = ["replication", "journal", "redis", "witness"] as const;
export type LinkChannel = (typeof linkChannels)[number];

/** What connects the two cells with each other. The witness is a third place, and reached another way. */
export const cellChannels = ["replication", "journal", "redis"] as const satisfies readonly LinkChannel[];

/** One way through the link: who connects to `listenPort` in region `from` reaches `targetPort` in region `to`. */
export interface LinkPath {
  readonly channel: LinkChannel;
  readonly from: RegionName;
  readonly to: RegionName;
  readonly listenPort: number;
  readonly targetPort: number;
}
