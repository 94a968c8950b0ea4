import { EventEmitter } from "node:events";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { NodeState } from "./workload.ts";

/** How many nodes there are, and may be. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/** Three nodes hold a cell at its full size, whichever way its pods fall on them. */
const BORN: Scaling = { min: 2, max: 4, desired: 3 };

/** The nodes of a cell's cluster: of one type, as many as are desired. Emits `resized` when that has changed. */
export class NodeGroup extends EventEmitter<{ resized: [] }> {
  readonly createdAt = new Date();
  readonly #region: RegionName;
  readonly #born: Date[] = [];
  #scaling: Scaling = BORN;

  constructor(region: RegionName) {
    super();
    this.#region = region;
    this.#follow();
  }

  get scaling(): Scaling {
    return this.#scaling;
  }

  /** @throws RangeError when the three do not go together */
  scale(scaling: Scaling): void {
    const { min, max, desired } = scaling;
    if (!(min >= 0 && min <= desired && desired <= max))
      throw new RangeError(`${desired} nodes are not between the least, ${min}, and the most, ${max}`);
    this.#scaling = scaling;
    this.#follow();
    this.emit("resized");
  }

  /** Whether this node is still there: those of the highest numbers go first. */
  has(node: number): boolean {
    return node < this.#born.length;
  }

  nameOf(node: number): string {
    return `ip-10-0-${node}-10.${this.#region}.compute.internal`;
  }

  nodes(): readonly NodeState[] {
    return this.#born.map((createdAt, node) => ({ name: this.nameOf(node), createdAt }));
  }

  #follow(): void {
    const { desired } = this.#scaling;
    while (this.#born.length < desired) this.#born.push(new Date());
    this.#born.length = desired;
  }
}
