import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import { Turns } from "./turns.ts";

const TRY_AGAIN_MS = 1_000;

/**
 * Brings each region's member of something global to what it should be: one thing at a time in each region, now, or
 * later and again until it succeeds.
 */
export class Settling {
  readonly #settle: (region: RegionName) => Promise<void>;
  readonly #failed: (region: RegionName, error: unknown) => void;
  readonly #turns = new Turns<RegionName>();
  readonly #timers = new Map<RegionName, NodeJS.Timeout>();

  /** @param failed told when it did not succeed by itself, and is tried again */
  constructor(
    settle: (region: RegionName) => Promise<void>,
    failed: (region: RegionName, error: unknown) => void,
  ) {
    this.#settle = settle;
    this.#failed = failed;
  }

  busy(region: RegionName): boolean {
    return this.#turns.busy(region);
  }

  /** Does `work` when nothing else is being done in the region. */
  take<Done>(region: RegionName, work: () => Promise<Done>): Promise<Done> {
    return this.#turns.take(region, work);
  }

  now(region: RegionName): Promise<void> {
    this.#cancel(region);
    return this.#turns.take(region, () => this.#settle(region));
  }

  later(region: RegionName, afterMs = TRY_AGAIN_MS): void {
    this.#cancel(region);
    const settle = (): void => {
      this.now(region).catch((error: unknown) => {
        this.#failed(region, error);
        this.later(region);
      });
    };
    this.#timers.set(region, setTimeout(settle, afterMs));
  }

  /** Nothing is begun any more by itself. */
  close(): void {
    for (const region of cellRegions) this.#cancel(region);
  }

  #cancel(region: RegionName): void {
    clearTimeout(this.#timers.get(region));
    this.#timers.delete(region);
  }
}
