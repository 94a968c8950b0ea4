import { type Duration, milliseconds } from "@castle/regions/duration.ts";
import type { CellRegion, Target } from "../target.ts";
import { Gateways } from "./gateways.ts";
import { type Figures, figuresOf, type Reading } from "./reading.ts";

/** What traders met in one cell over the last second or so, as its gateways tell it. */
export interface TradersTold {
  readonly kind: "traders";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: CellRegion;
  /** Null, all three, where nobody tells: see `because`. */
  readonly acknowledgedPerSecond: number | null;
  readonly errorsPerSecond: number | null;
  /** Null as well when nothing was acknowledged. */
  readonly p99Ms: number | null;
  readonly because?: string;
}

export interface TradersViewOptions {
  readonly target: Pick<Target, "cells">;
  /** In the order in which they are told. */
  readonly regions: readonly CellRegion[];
  readonly tell: (told: TradersTold) => void;
  readonly every?: Duration;
}

const EVERY = milliseconds(500);
/** Figures are of at least so long, once there are readings as old: a rate over half a second jumps. */
const OVER_MS = 1_000;

/**
 * Watches what traders meet, beside whatever else goes on: nothing waits for it, and a gateway that does not answer
 * costs nobody anything. Ends with {@link TradersView.stop}.
 */
export class TradersView {
  readonly #options: TradersViewOptions;
  readonly #cells: readonly CellView[];
  readonly #timer: NodeJS.Timeout;

  constructor(options: TradersViewOptions) {
    const { target, regions, every = EVERY } = options;
    this.#options = options;
    this.#cells = regions.map((region) => new CellView(region, target.cells[region].metrics ?? [], every));
    // Each cell has its place from the beginning, whoever answers first.
    for (const cell of this.#cells) options.tell(cell.first());
    this.#timer = setInterval(() => this.#look(), every.ms).unref();
    this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const cell of this.#cells) cell.close();
  }

  #look(): void {
    for (const cell of this.#cells)
      void cell.look().then((told) => {
        if (told) this.#options.tell(told);
      });
  }
}

class CellView {
  readonly #region: CellRegion;
  readonly #gateways: Gateways | null;
  readonly #within: Duration;
  /** By gateway, the oldest first. */
  readonly #readings = new Map<string, Reading[]>();
  #looking = false;
  #closed = false;

  constructor(region: CellRegion, urls: readonly string[], within: Duration) {
    this.#region = region;
    this.#gateways = urls.length === 0 ? null : new Gateways(urls);
    this.#within = within;
  }

  close(): void {
    this.#closed = true;
    this.#gateways?.close();
  }

  /** What there is to tell before anybody has answered. */
  first(): TradersTold {
    return this.#told(
      null,
      this.#gateways ? "no figures yet" : "the target names no metrics of its gateways",
    );
  }

  /** @returns null while there is nothing new to tell */
  async look(): Promise<TradersTold | null> {
    if (!this.#gateways || this.#looking || this.#closed) return null;
    this.#looking = true;
    try {
      const read = await this.#gateways.read(this.#within);
      if (this.#closed) return null;
      const figures = figuresOf(this.#spans(read));
      if (figures) return this.#told(figures);
      // The first reading is of all that came before: there is a rate from the second on.
      return read.size > 0 ? null : this.#told(null, "none of its gateways answers");
    } finally {
      this.#looking = false;
    }
  }

  /** Adds what was read; a gateway that did not answer begins anew once it does. */
  #spans(read: ReadonlyMap<string, Reading>) {
    for (const gateway of this.#readings.keys()) if (!read.has(gateway)) this.#readings.delete(gateway);
    return [...read].flatMap(([gateway, after]) => {
      const before = this.#readings.get(gateway) ?? [];
      const fresh = before.filter(
        ({ at }, index) => after.at - at <= OVER_MS * 1.5 || index === before.length - 1,
      );
      this.#readings.set(gateway, [...fresh, after]);
      const [oldest] = fresh;
      return oldest ? [{ before: oldest, after }] : [];
    });
  }

  #told(figures: Figures | null, because?: string): TradersTold {
    return {
      ...{ kind: "traders", at: Date.now(), region: this.#region },
      acknowledgedPerSecond: figures && round(figures.acknowledgedPerSecond),
      errorsPerSecond: figures && round(figures.errorsPerSecond),
      p99Ms: figures?.p99Ms == null ? null : Math.round(figures.p99Ms),
      ...(because === undefined ? {} : { because }),
    };
  }
}

const round = (perSecond: number): number => Math.round(perSecond * 10) / 10;
