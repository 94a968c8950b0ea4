import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import type { LabParts } from "./build.ts";
import { cellChannels, type LinkChannel } from "./link/channels.ts";
import type { LinkView } from "./network/network.ts";

/** After this the connections that a fault broke have had the time to come back by themselves. Milliseconds. */
const SETTLE_AFTER_MS = 1_000;

/** The link between the regions, and its faults. What a fault left apart finds together again once it is over. */
export class LabLink {
  readonly #parts: LabParts;

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  /** Breaks every connection between the two cells and refuses new ones. The way to the witness is another. */
  cut(channels: readonly LinkChannel[] = cellChannels): Promise<void> {
    return this.#parts.network.cut(channels);
  }

  async heal(channels: readonly LinkChannel[] = cellChannels): Promise<void> {
    await this.#parts.network.heal(channels);
    this.#settle();
  }

  /** Nothing sent on the channel arrives, and nobody is told. */
  stall(channel: LinkChannel | readonly LinkChannel[]): Promise<void> {
    return this.#parts.network.stall([channel].flat());
  }

  /** What was held arrives. */
  async resume(channel: LinkChannel | readonly LinkChannel[]): Promise<void> {
    await this.#parts.network.resume([channel].flat());
    this.#settle();
  }

  setRoundTrip(ms: number): Promise<void> {
    return this.#parts.network.setRoundTrip(ms);
  }

  /** Nothing that the region sends on the channel arrives, whatever the other's does. */
  stallFrom(region: RegionName, channel: LinkChannel): Promise<void> {
    return this.#parts.network.stallFrom(region, [channel]);
  }

  resumeFrom(region: RegionName, channel: LinkChannel): Promise<void> {
    return this.#parts.network.resumeFrom(region, [channel]);
  }

  /** The channel alone takes this long there and back; null: as long as the others. Milliseconds. */
  slow(channel: LinkChannel, ms: number | null): Promise<void> {
    return this.#parts.network.setRoundTripOf([channel], ms);
  }

  get view(): LinkView {
    return this.#parts.network.link;
  }

  #settle(): void {
    for (const region of cellRegions) {
      this.#parts.database.settleLater(region, SETTLE_AFTER_MS);
      this.#parts.datastore.settleLater(region, SETTLE_AFTER_MS);
    }
  }
}
