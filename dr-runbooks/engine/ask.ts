import {
  type Answer,
  type Approval,
  ApprovalRefused,
  type Approver,
  type Asked,
  digestOf,
  NobodyToAsk,
} from "./approval.ts";
import { measured } from "./condition.ts";
import type { ExecutionEvent } from "./event.ts";
import { interruption } from "./interrupted.ts";
import { approvalIn, type ExecutionState } from "./state.ts";

/** What asking needs of the run. */
export interface AskingRun<Context> {
  readonly context: Context;
  readonly state: () => ExecutionState;
  readonly approver: Approver;
  readonly stop: AbortSignal;
  /** Records, then tells. */
  readonly tell: (event: ExecutionEvent) => Promise<void>;
}

/** Whether the answer given counts at this moment; milliseconds since 1970. */
export function approvalCounts(state: ExecutionState, approval: string, now: number): boolean {
  const { given } = approvalIn(state, approval);
  return given !== null && now <= given.until;
}

/**
 * Asks until somebody agrees to figures that still count: an answer that comes too late is one to the past, and fresh
 * figures are measured and asked about again. Resolves once it is agreed, and recorded.
 * @throws ApprovalRefused, NobodyToAsk, Interrupted; Error when the figures cannot be measured
 */
export async function askFor<Context>(approval: Approval<Context>, run: AskingRun<Context>): Promise<void> {
  const { name } = approval;
  for (;;) {
    if (run.stop.aborted) throw interruption(run.stop, name);
    const asked = await ask(approval, run);
    const answer = await answerTo(asked, run);
    if (run.stop.aborted) throw interruption(run.stop, name);
    const at = Date.now();
    // Agreed to in time, or it was agreed to figures that are history.
    if (answer === null || (answer.agreed && at > asked.until)) continue;
    if (!answer.agreed) {
      const { how, by, because } = answer;
      await run.tell({ kind: "approval-refused", at, approval: name, how, by, because });
      throw new ApprovalRefused(name, because);
    }
    const { agreed: _, ...given } = answer;
    const { figures, until, digest } = asked;
    await run.tell({
      ...{ kind: "approval-given", at, approval: name, ...given },
      ...{ figures: [...figures], until, digest },
    });
    return;
  }
}

/** What an earlier run asked stands as long as it counts: whoever answers it meanwhile is heard. */
async function ask<Context>(approval: Approval<Context>, run: AskingRun<Context>): Promise<Asked> {
  const { name, purpose, counts, ahead } = approval;
  const state = run.state();
  const { open } = approvalIn(state, name);
  const stands = open !== null && Date.now() < open.until;
  const measuredAt = stands ? open.measuredAt : Date.now();
  const shown = stands
    ? open
    : await measured(`what ${name} is about`, (at) => approval.asks(run.context, at));
  const figures = [...shown.figures];
  const asked = { execution: state.id, approval: name, figures, measuredAt };
  const digest = digestOf(asked);
  const until = measuredAt + counts.ms;
  await run.tell({
    ...{ kind: "approval-asked", at: Date.now(), approval: name, purpose },
    ...{ figures, measuredAt, until, digest },
    ...(shown.measured && { measured: shown.measured }),
  });
  return { ...asked, purpose, ahead, word: approval.word(run.context), until, digest };
}

/** @returns null when nobody answered in time, or the run is to stop. */
async function answerTo<Context>(asked: Asked, run: AskingRun<Context>): Promise<Answer | null> {
  const enough = new AbortController();
  const signal = AbortSignal.any([run.stop, enough.signal]);
  const timer = setTimeout(() => enough.abort(), Math.max(0, asked.until + 1 - Date.now()));
  const ended = Promise.withResolvers<null>();
  const end = (): void => ended.resolve(null);
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  const before = approvalIn(run.state(), asked.approval);
  try {
    const answer = run.approver(asked, {
      signal,
      refuse: (refusal) =>
        run.tell({ kind: "approval-refused", at: Date.now(), approval: asked.approval, ...refusal }),
      known: filesNamedIn(run.state()),
      outdated: new Set(before.asked.map(({ digest }) => digest).filter((digest) => digest !== asked.digest)),
    });
    if (answer === null) throw new NobodyToAsk(asked.approval);
    answer.catch(() => undefined);
    return await Promise.race([answer, ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    enough.abort();
  }
}

const filesNamedIn = ({ approvals }: ExecutionState): ReadonlySet<string> =>
  new Set(Object.values(approvals).flatMap(({ files }) => files));
