import { type Duration, seconds } from "@castle/regions/duration.ts";
import { branchesOf, type Runbook } from "../engine/runbook.ts";
import type { Target } from "../target.ts";

/** How long a step may be expected to take, and by whose word. */
export interface Expected {
  readonly ms: number;
  readonly from: "past-executions" | "aws";
}

/**
 * What AWS tells of its own changes, for a Castle that has not made one yet. Aurora: a secondary region is promoted in
 * under a minute, a switchover typically takes half a minute (Aurora User Guide, global databases; AWS Well-Architected
 * Labs). ElastiCache: a cross-region promotion takes less than a minute (ElastiCache User Guide, global datastores).
 */
const published: Readonly<Record<string, Duration>> = {
  "promote-database": seconds(60),
  "switch-database-over": seconds(30),
  "promote-cache": seconds(60),
};

/**
 * What to expect of each step: what past executions usually took to do it, else what AWS publishes of itself; of a lab
 * that says nothing. Pure.
 * @param usual milliseconds by the step's name: see usualDurations.
 */
export const expectedDurations = (
  usual: ReadonlyMap<string, number>,
  kind: Target["kind"],
): ReadonlyMap<string, Expected> =>
  new Map<string, Expected>([
    ...(kind === "aws" ? Object.entries(published) : []).map(
      ([step, { ms }]) => [step, { ms, from: "aws" }] as const,
    ),
    ...[...usual].map(([step, ms]) => [step, { ms, from: "past-executions" }] as const),
  ]);

/** Steps one after the other, branches beside each other: the longest way through. Steps of no known duration count 0. */
export const totalMs = <Context>(runbook: Runbook<Context>, msOf: (step: string) => number): number =>
  runbook.parts
    .map(branchesOf)
    .map((branches) =>
      Math.max(0, ...branches.map((branch) => branch.reduce((sum, { name }) => sum + msOf(name), 0))),
    )
    .reduce((sum, ms) => sum + ms, 0);
