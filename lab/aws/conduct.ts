import { Random } from "../traders/random.ts";

/**
 * What goes wrong with a call:
 * - `throttled`: refused as too many, by the service's own code; nothing is done.
 * - `internal-error`: refused with the service's own 500; nothing is done.
 * - `slow`: served as ever, so many milliseconds late.
 * - `lost-answer`: served as ever, then the connection is cut. What was done, its caller cannot know.
 */
export type Trouble =
  | { readonly is: "throttled" | "internal-error" | "lost-answer" }
  | { readonly is: "slow"; readonly ms: number };

/** Which calls it befalls: those that fit everything that is given. */
export interface TroubledCalls {
  /** As a signature names it: `rds`, `globalaccelerator`, `monitoring` (CloudWatch); services.ts has all. */
  readonly service?: string;
  /** As the SDK names it: `FailoverGlobalCluster`. */
  readonly operation?: string;
  /** The region that is called. */
  readonly region?: string;
}

/** The next so many of them, or a share of all (above 0, at most 1), drawn by a seed and so the same every time. */
export type Extent = { readonly calls: number } | { readonly share: number; readonly seed: number };

/** A trouble that was begun. */
export interface BegunTrouble {
  /** How many calls have met it. A rehearsal that ends with none has rehearsed nothing. */
  readonly met: number;
  end(): void;
}

export interface ServedOperations {
  readonly service: string;
  readonly operations: readonly string[];
}

interface Rule extends BegunTrouble {
  readonly on: TroubledCalls;
  readonly trouble: Trouble;
  befalls(): boolean;
  met: number;
}

/** How the lab's AWS behaves, apart from what it does: the switch for its faults. Calm until somebody says otherwise. */
export class Conduct {
  readonly #served: readonly ServedOperations[];
  readonly #rules: Rule[] = [];

  constructor(served: readonly ServedOperations[]) {
    this.#served = served;
  }

  /** What can be troubled. */
  get served(): readonly ServedOperations[] {
    return this.#served;
  }

  /**
   * Begins a trouble, beside those that are under way; of several that fit a call, the one begun first befalls it.
   * @throws RangeError for calls that can never come, or an extent that makes no sense: it would trouble nobody, silently
   */
  trouble(on: TroubledCalls, trouble: Trouble, extent: Extent): BegunTrouble {
    this.#requireServed(on);
    if (trouble.is === "slow" && !(trouble.ms > 0))
      throw new RangeError(`slow by ${trouble.ms} ms is not slow; give a number above 0`);
    const befalls = drawn(extent);
    const rule: Rule = {
      ...{ on, trouble, befalls, met: 0 },
      end: () => {
        const at = this.#rules.indexOf(rule);
        if (at >= 0) this.#rules.splice(at, 1);
      },
    };
    this.#rules.push(rule);
    return rule;
  }

  /** Ends every trouble. */
  calm(): void {
    this.#rules.length = 0;
  }

  /** What befalls this call, if anything does. Asked once for each call, since it is counted and drawn. */
  meet(call: Required<TroubledCalls>): Trouble | null {
    for (const rule of this.#rules) {
      if (!fits(rule.on, call) || !rule.befalls()) continue;
      rule.met += 1;
      return rule.trouble;
    }
    return null;
  }

  #requireServed({ service, operation }: TroubledCalls): void {
    const served = this.#served.filter((one) => service === undefined || one.service === service);
    if (served.length === 0)
      throw new RangeError(
        `the lab has no service "${service}"; it has ${this.#served.map((one) => one.service).join(", ")}`,
      );
    const operations = served.flatMap((one) => one.operations);
    if (operation !== undefined && !operations.includes(operation))
      throw new RangeError(`the lab does not serve "${operation}" there; it serves ${operations.join(", ")}`);
  }
}

const fits = (on: TroubledCalls, call: Required<TroubledCalls>): boolean =>
  (["service", "operation", "region"] as const).every(
    (part) => on[part] === undefined || on[part] === call[part],
  );

function drawn(extent: Extent): () => boolean {
  if ("calls" in extent) {
    let left = extent.calls;
    if (!Number.isInteger(left) || left < 1)
      throw new RangeError(`a trouble needs one call or more, got ${left}`);
    return () => left-- > 0;
  }
  const { share, seed } = extent;
  if (!(share > 0 && share <= 1)) throw new RangeError(`a share is above 0 and at most 1, got ${share}`);
  const random = new Random(seed);
  return () => random.chance(share);
}
