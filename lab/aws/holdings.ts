import { cellRegions } from "@castle/regions/catalogue.ts";

/** An image in a registry. */
export interface Image {
  /** `castle/order-gateway`. */
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly sizeInBytes: number;
  readonly pushedAt: Date;
}

/** A secret, without what it holds: that never gets as far as the control plane. */
export interface Secret {
  /** `castle/seal-key`. */
  readonly name: string;
  readonly purpose: string;
  /** 32 to 64 characters; another value has another one. */
  readonly versionId: string;
  readonly createdAt: Date;
}

/** What a cell needs to start again and no process holds. Both regions have all of it, unless it is withheld. */
export interface Holdings {
  /** The images as they are now. */
  images(): Promise<readonly Image[]>;
  secrets(): readonly Secret[];
}

export const noHoldings: Holdings = { images: async () => [], secrets: () => [] };

/** Where replication has not brought what: the switch for what a region lacks. */
export class Replicas {
  readonly #withheld = new Map<string, Set<string>>();

  /** The region does not have the image, the secret or the topic of this name any more. */
  withhold(name: string, region: string): void {
    const regions = this.#withheld.get(name) ?? new Set();
    this.#withheld.set(name, regions.add(region));
  }

  /** It has it again. */
  release(name: string, region: string): void {
    this.#withheld.get(name)?.delete(region);
  }

  /** The regions without a cell hold nothing. */
  has(name: string, region: string): boolean {
    return cellRegions.some((cell) => cell === region) && !this.#withheld.get(name)?.has(region);
  }
}
