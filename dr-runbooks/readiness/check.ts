import type { Duration } from "@castle/regions/duration.ts";
import type { FigureName } from "./figures.ts";
import type { Look } from "./look.ts";

/**
 * - `holds`: what is found is what is wanted.
 * - `fails`: it is not.
 * - `unknown`: it could not be seen. Never counted as good.
 * - `not-configured`: the target does not say what to look at, so that nothing was looked at.
 */
export type Outcome = "holds" | "fails" | "unknown" | "not-configured";

export interface Verdict {
  readonly outcome: Outcome;
  /** What is there now; of an unknown, why it could not be seen. */
  readonly found: string;
  readonly wanted: string;
  /** What was measured on the way, for the metrics. */
  readonly figures?: Readonly<Partial<Record<FigureName, number>>>;
}

/** One thing that must be so for the peer to take over. */
export interface Check {
  readonly name: string;
  /** One sentence: what becomes of a takeover otherwise. */
  readonly why: string;
  /** What to do, concretely, when it does not hold. */
  readonly mend: string;
  /** `blocks`: a takeover would fail or lose something. `warns`: it would be slower, or worse later. */
  readonly severity: "blocks" | "warns";
  /** Not seen by then is unknown. */
  readonly deadline: Duration;
  /** Looks, and changes nothing. May reject: that is an unknown, and says why. */
  readonly look: (world: Look) => Promise<Verdict>;
}

/** A verdict out of what speaks against it, and with nothing that does it holds. Pure. */
export function judged(against: readonly string[], told: Omit<Verdict, "outcome">): Verdict {
  if (against.length === 0) return { outcome: "holds", ...told };
  return { outcome: "fails", ...told, found: against.join("; ") };
}

export const notConfigured = (what: string): Verdict => ({
  outcome: "not-configured",
  found: `the target names no ${what}`,
  wanted: `readiness.${what} in the target`,
});
