import type { Approval } from "../engine/approval.ts";
import { branchesOf, guardedBy, isApproval, type Runbook } from "../engine/runbook.ts";
import { type Step, wordsOf } from "../engine/step.ts";
import type { Look } from "./look.ts";

/**
 * - `done`: the step would find itself done.
 * - `would-run`
 * - `blocked`: what has to hold before it may act does not, and no step before it would change that.
 * - `unjudged`: its checks found nothing out.
 * - `passed-over`: its condition does not hold.
 * - `would-ask`, `may-ask`: an approval; whose condition holds, or can be told only once another step has run.
 */
export type Verdict = "done" | "would-run" | "blocked" | "unjudged" | "passed-over" | "would-ask" | "may-ask";

/** Nothing stands in the way of a step or an approval of which this is told. */
export const isClear = (verdict: Verdict): boolean => verdict !== "blocked" && verdict !== "unjudged";

/** Whether a run would leave the world as it is there. */
export const isIdle = (verdict: Verdict): boolean => verdict === "done" || verdict === "passed-over";

export interface Judgement {
  /** Name of the step, or of the approval. */
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
  "consent-past-the-fence": "fence-old-cell",
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
      const look = looks.get(step.name);
      const isSettled = settled.has(step.name);
      const judgement =
        (isSettled || !look ? null : passedOver(step.name, look)) ??
        judgeStep(step, look, isSettled, isOpen, allDone);
      judged.set(step.name, judgement);
      allDone &&= isIdle(judgement.verdict);
    }
    return allDone;
  };
  const isOpen = (name: string): boolean => judged.has(name) && judged.get(name)?.verdict !== "done";
  let allDone = true;
  for (const part of runbook.parts) {
    if (isApproval(part)) {
      const isBehind = guardedBy(runbook, part).every(({ name }) => settled.has(name));
      judged.set(part.name, judgeApproval(part, looks.get(part.name), isBehind, isOpen));
      continue;
    }
    const before: boolean = allDone;
    allDone = branchesOf(part)
      .map((branch) => judgeBranch(branch, before))
      .every(Boolean);
  }
  return [...judged.values()];
}

/** @returns null for what would not be passed over, as far as is known. */
function passedOver(step: string, { applies = true }: Look): Judgement | null {
  if (applies === true) return null;
  return "onlyIf" in applies
    ? { step, verdict: "passed-over", why: `not now: only if ${applies.onlyIf}` }
    : { step, verdict: "unjudged", why: `its condition cannot be judged: ${applies.unjudged}` };
}

function judgeApproval<Context>(
  { name, when, purpose }: Approval<Context>,
  look: Look | undefined,
  isBehind: boolean,
  isOpen: (step: string) => boolean,
): Judgement {
  if (isBehind) return { step: name, verdict: "done", why: "the execution has behind it what it is about" };
  const over = look ? passedOver(name, look) : null;
  if (over) return over;
  const behind = judgedBehind[name];
  if (!when) return { step: name, verdict: "would-ask", why: purpose };
  return behind !== undefined && isOpen(behind)
    ? { step: name, verdict: "may-ask", why: `${purpose} Only if ${when.words}: looked at behind ${behind}.` }
    : { step: name, verdict: "would-ask", why: `${purpose} Since ${when.words}.` };
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
  if (typeof ready === "object" && "unjudged" in ready)
    return as("unjudged", `cannot be judged: ${ready.unjudged}`);
  const missing = wordsOf(ready);
  return allDoneBefore ? as("blocked", missing) : as("would-run", `not yet: ${missing}`);
}
