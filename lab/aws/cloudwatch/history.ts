import type { ControlPlaneRegion } from "../cells.ts";
import { type MetricName, metricKey, type Reading } from "./metric.ts";
import type { Sample } from "./statistics.ts";

/** The region's metrics at this moment. */
export type Read = (region: ControlPlaneRegion) => Promise<readonly Reading[]>;

interface Series extends MetricName {
  readonly unit: Reading["unit"];
  readonly samples: Sample[];
}

/** Younger than that, a reading is still good. */
const FRESH_MS = 500;
const KEPT_MS = 3 * 3_600_000;

/**
 * The metrics of every region, read off the processes whenever somebody asks for one and kept for three hours. A minute
 * in which nobody asked has no datapoint: the lab would rather have that than work beside what it rehearses.
 */
export class MetricHistory {
  readonly #read: Read;
  readonly #clock: () => number;
  readonly #series = new Map<ControlPlaneRegion, Map<string, Series>>();
  readonly #readings = new Map<ControlPlaneRegion, { readonly at: number; readonly done: Promise<void> }>();
  readonly #silenced = new Map<ControlPlaneRegion, Set<string>>();

  constructor(read: Read, clock: () => number = Date.now) {
    this.#read = read;
    this.#clock = clock;
  }

  /** Every metric of the region, as it is now and was. */
  async seriesIn(region: ControlPlaneRegion): Promise<readonly Series[]> {
    await this.#refresh(region);
    const silenced = this.#silenced.get(region);
    return [...(this.#series.get(region)?.values() ?? [])].filter(({ name }) => !silenced?.has(name));
  }

  /** null when the region has no such metric. */
  async find(region: ControlPlaneRegion, metric: MetricName): Promise<Series | null> {
    const key = metricKey(metric);
    return (await this.seriesIn(region)).find((series) => metricKey(series) === key) ?? null;
  }

  /** The region does not publish the metrics of this name any more, and has none of them: they are not measured. */
  silence(name: string, region: ControlPlaneRegion): void {
    const names = this.#silenced.get(region) ?? new Set();
    this.#silenced.set(region, names.add(name));
  }

  /** It publishes them again. */
  resume(name: string, region: ControlPlaneRegion): void {
    this.#silenced.get(region)?.delete(name);
  }

  #refresh(region: ControlPlaneRegion): Promise<void> {
    const last = this.#readings.get(region);
    const at = this.#clock();
    if (last && at - last.at < FRESH_MS) return last.done;
    const done = this.#read(region).then((readings) => this.#keep(region, readings, at));
    // A reading that failed is not good for anybody else.
    done.catch(() => this.#readings.delete(region));
    this.#readings.set(region, { at, done });
    return done;
  }

  #keep(region: ControlPlaneRegion, readings: readonly Reading[], at: number): void {
    const known = this.#series.get(region) ?? new Map<string, Series>();
    this.#series.set(region, known);
    for (const { value, ...metric } of readings) {
      const key = metricKey(metric);
      const series = known.get(key) ?? { ...metric, samples: [] };
      known.set(key, series);
      series.samples.push({ at, value });
    }
    for (const [key, { samples }] of known) {
      samples.splice(0, samples.filter((sample) => at - sample.at > KEPT_MS).length);
      if (samples.length === 0) known.delete(key);
    }
  }
}
