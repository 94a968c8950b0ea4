import type { Draft } from "./draft.ts";

/** A mistake that somebody could make in the program: a small change to what it plans, and the rule that must see it. */
export interface Misconfiguration {
  /** What somebody did, said as a claim: `the journal keeps no backups`. */
  readonly what: string;
  /** Name of the rule that is meant to report it. */
  readonly rule: string;
  readonly seed: (home: Draft, peer: Draft) => void;
}
