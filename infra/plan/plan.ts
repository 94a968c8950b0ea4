import { checkAll } from "./checks/all.ts";
import type { Finding } from "./checks/finding.ts";
import { compareCells } from "./compare/cells.ts";
import type { Comparison } from "./compare/compare.ts";
import { type Program, previewStack } from "./engine/preview-stack.ts";
import type { StackGraph } from "./graph/graph.ts";

/** `plan.json`. A field more is no new version; one that is gone, or means something else, is. */
export interface Plan {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** From the first program's start to the last one's end. */
  readonly seconds: number;
  readonly stacks: readonly StackGraph[];
  /** What is wrong, empty when the checks hold. */
  readonly findings: readonly Finding[];
  /** Null unless two cells of one platform were planned. */
  readonly comparison: Comparison | null;
}

/**
 * Previews the programs side by side, checks what they ask for, and compares the two cells of one platform.
 * @throws ProgramFailed when one of them ends with an error; the others are ended
 */
export async function makePlan(programs: readonly Program[], signal: AbortSignal): Promise<Plan> {
  const startedAt = performance.now();
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const runs = programs.map((program) =>
    previewStack(program, either).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(runs);
  // What ended the others, where one has failed.
  either.throwIfAborted();
  const stacks = await Promise.all(runs);
  return {
    version: 1,
    madeAt: new Date().toISOString(),
    seconds: (performance.now() - startedAt) / 1_000,
    stacks,
    findings: checkAll(stacks),
    comparison: compareCells(programs, stacks),
  };
}

/** Whether nothing is wrong. */
export const planHolds = ({ findings, comparison }: Plan): boolean =>
  findings.length === 0 &&
  (comparison === null || comparison.unexplained.length + comparison.unused.length === 0);
