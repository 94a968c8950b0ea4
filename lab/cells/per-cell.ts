import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";

/** One thing for each of the two cells. */
export class PerCell<T> {
  readonly #things: ReadonlyMap<RegionName, T>;

  private constructor(things: ReadonlyMap<RegionName, T>) {
    this.#things = things;
  }

  static make<T>(make: (region: RegionName) => T): PerCell<T> {
    return new PerCell(new Map(cellRegions.map((region) => [region, make(region)])));
  }

  /** Made side by side. */
  static async prepare<T>(make: (region: RegionName) => Promise<T>): Promise<PerCell<T>> {
    const made = await Promise.all(cellRegions.map(async (region) => [region, await make(region)] as const));
    return new PerCell(new Map(made));
  }

  /** @throws Error that names the regions with a cell, when this one has none */
  in(region: RegionName): T {
    const thing = this.#things.get(region);
    if (thing === undefined) throw new Error(`${region} holds no cell; cells: ${cellRegions.join(", ")}`);
    return thing;
  }

  get all(): readonly T[] {
    return [...this.#things.values()];
  }

  get entries(): readonly (readonly [RegionName, T])[] {
    return [...this.#things];
  }
}
