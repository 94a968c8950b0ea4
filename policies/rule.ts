import type { ProfileName } from "@castle/infra/settings/profiles.ts";
import type { Settings } from "@castle/infra/settings/settings.ts";
import type { Control } from "./frameworks.ts";
import type { Resource } from "./judged/resource.ts";

/** A rule of the pack: a plain object, one a file. Its examples are its tests and its documentation. */
export type Rule = ResourceRule | StackRule | PairRule;

export const areas = [
  "recovery",
  "role-change",
  "edge",
  "hidden-single-point",
  "parity",
  "data",
  "network",
  "identity",
  "encryption",
  "observability",
  "cost",
  "kubernetes",
] as const;

export type Area = (typeof areas)[number];

/** `critical`: without it an acknowledged order, or the platform, can be lost. A critical rule may meet no unknown in our stacks. */
export type Severity = "critical" | "high" | "medium" | "low";

export type Enforcement = "mandatory" | "advisory" | "disabled";

export interface RuleBase {
  /** Kebab case, said as what must hold: `aurora-belongs-to-a-global-database`. */
  readonly name: string;
  readonly area: Area;
  readonly severity: Severity;
  /** What must hold, and why, in one sentence each. */
  readonly what: string;
  readonly why: string;
  /** What to change. */
  readonly remedy: string;
  readonly enforcement: Readonly<Record<ProfileName, Enforcement>>;
  readonly controls: readonly Control[];
}

/** Judges each resource of its types by itself. */
export interface ResourceRule extends RuleBase {
  readonly about: "resource";
  /** Pulumi's type tokens, such as `aws:rds/cluster:Cluster`. */
  readonly types: readonly [string, ...string[]];
  judge(resource: Resource, platform: Platform): readonly Finding[];
  readonly examples: { readonly passing: ExampleResource; readonly failing: ExampleResource };
}

/** Judges what only the whole stack shows. */
export interface StackRule extends RuleBase {
  readonly about: "stack";
  judge(stack: Stack, platform: Platform): readonly Finding[];
  readonly examples: {
    readonly passing: readonly ExampleResource[];
    readonly failing: readonly ExampleResource[];
  };
}

/** Judges what only both cells together show. Not seen by `pulumi preview`, which knows one stack. */
export interface PairRule extends RuleBase {
  readonly about: "pair";
  judge(home: Stack, peer: Stack, platform: Platform): readonly Finding[];
  readonly examples: { readonly passing: ExamplePair; readonly failing: ExamplePair };
}

export interface ExamplePair {
  readonly home: readonly ExampleResource[];
  readonly peer: readonly ExampleResource[];
}

/** A resource in an example: what is left out is as a program leaves it. */
export interface ExampleResource {
  readonly type: string;
  readonly name?: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  /** Names of others in the example that it waits for. */
  readonly waitsFor?: readonly string[];
  /** Its provider's region; the home region by default. */
  readonly region?: string;
}

export interface Finding {
  readonly resource: Resource;
  readonly property: string;
  /** As a person would say it: `off`, `1 day`, `0.0.0.0/0`. */
  readonly found: string;
  readonly wanted: string;
}

/** What the stack's configuration says: its profile, region, objectives. */
export type Platform = Settings;

export interface Stack {
  readonly resources: readonly Resource[];
  ofType(...types: readonly string[]): readonly Resource[];
  /** Runs a judgement for each; one that meets an unknown hides none of the others. */
  judgeEach(
    resources: readonly Resource[],
    judge: (resource: Resource) => readonly Finding[],
  ): readonly Finding[];
}

/** Mandatory everywhere. */
export const everywhere: RuleBase["enforcement"] = {
  production: "mandatory",
  nonproduction: "mandatory",
  preview: "mandatory",
};

/** Mandatory where real work is rehearsed, left out of a developer's preview. */
export const exceptPreview: RuleBase["enforcement"] = {
  production: "mandatory",
  nonproduction: "mandatory",
  preview: "disabled",
};
