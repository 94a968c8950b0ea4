import { milliseconds, seconds } from "@castle/regions/duration.ts";
import type { Condition } from "../engine/condition.ts";
import { pause } from "../engine/poll.ts";
import { type At, type Finding, type Step, wordsOf } from "../engine/step.ts";
import { isTransient } from "../engine/transient.ts";

/** A check that found nothing out, and why. */
export interface Unjudged {
  readonly unjudged: string;
}

/** Whether a part's condition holds; where it does not, its words. */
export type Applies = true | { readonly onlyIf: string } | Unjudged;

/** What a step's own checks say at this moment. */
export interface Look {
  /** Absent where there is no condition. */
  readonly applies?: Applies;
  /** Whether it is done; false for a step that cannot tell. */
  readonly done: boolean | Unjudged;
  /** Whether it may act; true for a step that asks for nothing. */
  readonly ready: Finding | Unjudged;
}

/** Long enough for a connection to be made and a control plane to answer. */
const LIMIT = seconds(3);

/** Asks a step's checks, and nothing else of it. Never rejects; takes three seconds at most. */
export async function lookAt<Context>(step: Step<Context>, context: Context): Promise<Look> {
  const { isDone, precondition } = step;
  const [done, ready, condition] = await Promise.all([
    isDone ? judge<boolean>((at) => isDone(context, at)) : false,
    precondition ? judge<Finding>((at) => precondition(context, at)) : (true as const),
    lookAtCondition(step, context),
  ]);
  return { done, ready, ...condition };
}

/** Whether the part would be passed over, were it come to now; nothing of one that has no condition. */
export async function lookAtCondition<Context>(
  { when }: { readonly when?: Condition<Context> },
  context: Context,
): Promise<Pick<Look, "applies">> {
  if (!when) return {};
  const holds = await judge<boolean>((at) => when.holds(context, at));
  if (typeof holds === "object") return { applies: holds };
  return { applies: holds || { onlyIf: when.words } };
}

/** What passes by itself (a connection that is not there yet) is tried again, as the runner does. */
async function judge<Found>(check: (at: At) => Promise<Found>): Promise<Found | Unjudged> {
  const limit = AbortSignal.timeout(LIMIT.ms);
  let last: string | null = null;
  const at: At = {
    signal: limit,
    note: (finding) => {
      last = wordsOf(finding);
    },
  };
  const tooLate = new Promise<Unjudged>((resolve) => {
    limit.addEventListener("abort", () => resolve({ unjudged: last ?? `no answer within ${LIMIT}` }));
  });
  const judged = async (): Promise<Found | Unjudged> => {
    for (;;) {
      try {
        return await check(at);
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
        if (limit.aborted || !isTransient(error)) return { unjudged: last };
        await pause(milliseconds(50), limit).catch(() => undefined);
      }
    }
  };
  return Promise.race([judged(), tooLate]);
}
