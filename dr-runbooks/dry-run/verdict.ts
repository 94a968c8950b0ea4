import { branchesOf, type Runbook } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";
import type { Look } from "./look.ts";

/**
 * - `done`: the step would find itself done.
 * - `would-run`
 * - `blocked`: what has to hold before it may act does not, and no step before it would change that.
 * - `unjudged`: its checks found nothing out.
 */
export type Verdict = "done" | "would-run" | "blocked" | "unjudged";

export interface Judgement {
  readonly step: string;
  readonly verdict: Verdict;
  /** Words for the verdict, where it needs any. */
  readonly why: string | null;
}

/**
 * Steps whose check says nothing before another step has run: what is drained now is drained no more a moment later,
 * as long as the gate is open.
 */
export const judgedBehind: Readonly<Record<string, string>> = {
  drain: "close-old-cell",
  "replay-journal": "fence-old-cell",
  "engines-catch-up": "replay-journal",
};

/**
 * What a run would do at each step, in order. Pure.
 * @param looks by the step's name.
 * @param settled steps that an execution to be continued has behind it: they are not looked at again.
 */
export function judge<Context>(
  runbook: Runbook<Context>,
  looks: ReadonlyMap<string, Look>,
  settled: ReadonlySet<string>,
): Judgement[] {
  const judged = new Map<string, Judgement>();
  /** Whether everything before is done, so that the step meets the world as it is now. */
  const judgeBranch = (branch: readonly Step<Context>[], before: boolean): boolean => {
    let allDone = before;
    for (const step of branch) {
      const open = (name: string): boolean => judged.has(name) && judged.get(name)?.verdict !== "done";
      const judgement = judgeStep(step, looks.get(step.name), settled.has(step.name), open, allDone);
      judged.set(step.name, judgement);
      allDone &&= judgement.verdict === "done";
    }
    return allDone;
  };
  let allDone = true;
  for (const part of runbook.parts) {
    const before: boolean = allDone;
    allDone = branchesOf(part)
      .map((branch) => judgeBranch(branch, before))
      .every(Boolean);
  }
  return [...judged.values()];
}

function judgeStep<Context>(
  { name }: Step<Context>,
  look: Look | undefined,
  settled: boolean,
  isOpen: (step: string) => boolean,
  allDoneBefore: boolean,
): Judgement {
  const as = (verdict: Verdict, why: string | null = null): Judgement => ({ step: name, verdict, why });
  if (settled) return as("done", "the execution has it behind it");
  if (!look) return as("unjudged", "cannot be judged: nobody looked");
  const { done, ready } = look;
  if (typeof done === "object") return as("unjudged", `cannot be judged: ${done.unjudged}`);
  if (done) {
    const behind = judgedBehind[name];
    return behind !== undefined && isOpen(behind)
      ? as("would-run", `nothing to do at this moment; looked at again behind ${behind}`)
      : as("done");
  }
  if (ready === true) return as("would-run");
  if (typeof ready === "object") return as("unjudged", `cannot be judged: ${ready.unjudged}`);
  return allDoneBefore ? as("blocked", ready) : as("would-run", `not yet: ${ready}`);
}
