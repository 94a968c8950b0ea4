import { setTimeout as sleep } from "node:timers/promises";
import { type Duration, milliseconds, seconds } from "@castle/regions/duration.ts";
import type { Waiting } from "../approvals/find-waiting.ts";
import type { EventOf } from "../engine/event.ts";
import { heldExecutions } from "../engine/lock.ts";
import { listExecutions } from "../engine/record.ts";
import { approvalIn, type ExecutionState } from "../engine/state.ts";
import { executionIn } from "../evidence/bucket/read-records.ts";

export type CameOfIt = EventOf<"approval-given" | "approval-refused"> | "not yet";

/** How long an answer is waited for: a run looks at a folder several times a second, at a bucket once. */
const FOLDER = { within: seconds(10), every: milliseconds(100) } as const;
const BUCKET = { within: seconds(20), every: seconds(1) } as const;

/** What whoever runs the execution made of the file, as its record tells. @throws the folder's or the bucket's errors. */
export async function whatCameOfIt(runsFolder: string, waiting: Waiting, file: string): Promise<CameOfIt> {
  const { state: asked, asking, bucket } = waiting;
  const { within, every }: { within: Duration; every: Duration } = bucket ? BUCKET : FOLDER;
  const deadline = performance.now() + within.ms;
  for (;;) {
    const state = bucket
      ? await executionIn(bucket, asked.id, AbortSignal.timeout(within.ms))
      : (await listExecutions(runsFolder)).find(({ id }) => id === asked.id);
    const came = state && answerIn(state, asking.approval, file);
    if (came) return came;
    const isOver = performance.now() > deadline;
    if (isOver || (!bucket && !(await heldExecutions(runsFolder)).has(asked.id))) return "not yet";
    await sleep(every.ms);
  }
}

function answerIn(state: ExecutionState, approval: string, file: string): CameOfIt | null {
  const { given, refused } = approvalIn(state, approval);
  if (given?.file === file) return given;
  return refused.find((refusal) => refusal.file === file) ?? null;
}
