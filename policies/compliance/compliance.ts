import type { ProfileName } from "@castle/infra/settings/profiles.ts";
import type { Exception } from "../exceptions.ts";
import type { Framework } from "../frameworks.ts";
import type { Enforcement, Finding, Rule } from "../rule.ts";

/** What came of judging stacks by the pack: everything a report tells. */
export interface Compliance {
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly seconds: number;
  /** Null for every rule; otherwise only the rules that serve it were asked. */
  readonly framework: Framework | null;
  readonly stacks: readonly JudgedStack[];
  /** Stacks that pair rules were asked about; null when no two cells of one platform were planned. */
  readonly pair: { readonly home: string; readonly peer: string } | null;
  readonly results: readonly RuleResult[];
  readonly badExceptions: readonly BadException[];
}

export interface JudgedStack {
  readonly stack: string;
  readonly profile: ProfileName;
  readonly region: string;
  readonly resources: number;
}

/** What came of one rule in all the stacks. */
export interface RuleResult {
  readonly rule: Rule;
  readonly asked: readonly Asked[];
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
}

/** In a stack, or for a pair rule in both cells. */
export interface Asked {
  readonly stack: string;
  readonly enforcement: Enforcement;
  /** How many resources it is about there; 0 means that it had nothing to say. */
  readonly looked: number;
}

/** Where in a stack. */
export interface Place {
  readonly stack: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly property: string;
}

export interface Violation extends Place, Omit<Finding, "resource" | "property"> {
  readonly enforcement: Exclude<Enforcement, "disabled">;
  /** What accepts it for a time, if something does. */
  readonly exception: Exception | null;
}

/** A property that is known only after deployment. */
export type Unjudged = Place;

export interface BadException {
  readonly exception: Exception;
  readonly what: "expired" | "unused" | "of no rule";
}

/** What fails: against a mandatory rule, and not excepted. */
export const failing = ({ violations }: RuleResult): readonly Violation[] =>
  violations.filter(({ enforcement, exception }) => enforcement === "mandatory" && exception === null);

export const advisory = ({ violations }: RuleResult): readonly Violation[] =>
  violations.filter(({ enforcement, exception }) => enforcement === "advisory" && exception === null);

export const excepted = ({ violations }: RuleResult): readonly Violation[] =>
  violations.filter(({ exception }) => exception !== null);

/** What a critical rule could not judge before deployment, where it is mandatory. */
export const criticalUnjudged = ({ rule, asked, unjudged }: RuleResult): readonly Unjudged[] =>
  rule.severity === "critical"
    ? unjudged.filter(({ stack }) =>
        asked.some((each) => each.stack === stack && each.enforcement === "mandatory"),
      )
    : [];

export const holds = ({ results, badExceptions }: Compliance): boolean =>
  badExceptions.length === 0 &&
  results.every((result) => failing(result).length + criticalUnjudged(result).length === 0);
