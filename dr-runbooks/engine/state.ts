import type { EventOf, ExecutionEvent } from "./event.ts";
import type { Facts } from "./step.ts";
import type { Who } from "./who.ts";

/** How a step can end that did not do its work. */
export type FailedHow = EventOf<"step-failed">["how"];

/** A step that is behind an execution: done, skipped, passed over, or failed and tolerated. */
export interface SettledStep {
  readonly step: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ms: number;
  readonly outcome: "done" | "already-done" | "skipped" | "passed-over" | FailedHow;
  readonly facts: Facts;
  /** Why it failed, was skipped or passed over; null for a step that is done. */
  readonly error: string | null;
}

/** What became of an approval. Only the latest asking counts, and its answer. */
export interface ApprovalState {
  /** Every time it was asked for, the latest last. */
  readonly asked: readonly EventOf<"approval-asked">[];
  /** The latest asking, while nobody has answered it. */
  readonly open: EventOf<"approval-asked"> | null;
  /** The answer to the latest asking; null while there is none. */
  readonly given: EventOf<"approval-given"> | null;
  readonly refused: readonly EventOf<"approval-refused">[];
  /** The condition that did not hold when it was come to last; null when it was asked for. */
  readonly passedOver: string | null;
  /** Names of the signed files that were taken or refused. */
  readonly files: readonly string[];
}

/** Where an execution stands, told by its events. */
export interface ExecutionState {
  readonly id: string;
  readonly runbook: string;
  readonly plan: Facts;
  readonly startedAt: number;
  /** In the order in which they settled. */
  readonly settled: readonly SettledStep[];
  /** Steps that were started, by name, with their latest start: milliseconds since 1970. */
  readonly begun: Readonly<Record<string, number>>;
  /** When it began at the top, the latest time: milliseconds since 1970. */
  readonly topAt: number;
  /** By name; they outlast a new beginning at the top, as long as they count. */
  readonly approvals: Readonly<Record<string, ApprovalState>>;
  /** The last failure that was not tolerated; null once a run went on. */
  readonly failure: { readonly step: string; readonly error: string; readonly how: FailedHow } | null;
  /** Who began it, and who went on with it, in order; not known of a record that does not tell. */
  readonly by: readonly Who[];
  /** The latest event: milliseconds since 1970. */
  readonly lastAt: number;
  /** Why the latest run ended without finishing; null while one may be at work, and of one that was killed. */
  readonly stopped: string | null;
  /** Who had it stop from elsewhere, and why; null once a run went on. */
  readonly paused: Pick<EventOf<"paused">, "by" | "because"> | null;
  readonly finished: EventOf<"finished"> | null;
}

/** @throws Error when the events do not begin with "started". */
export function stateOf(events: readonly ExecutionEvent[]): ExecutionState {
  const [first, ...rest] = events;
  if (first?.kind !== "started") throw new Error('the record does not begin with the event "started"');
  const state: ExecutionState = {
    id: first.id,
    runbook: first.runbook,
    plan: first.plan,
    startedAt: first.at,
    settled: [],
    begun: {},
    topAt: first.at,
    approvals: {},
    failure: null,
    by: first.by ? [first.by] : [],
    lastAt: first.at,
    stopped: null,
    paused: null,
    finished: null,
  };
  return rest.reduce(after, state);
}

/** The state an event leads to. Pure. */
export function after(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  return { ...changed(state, event), lastAt: event.at };
}

function changed(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  switch (event.kind) {
    case "started":
    case "undo-failed":
    case "call":
    case "looked":
      return state;
    case "paused":
      return { ...state, paused: { by: event.by, because: event.because } };
    case "stopped":
      return { ...state, stopped: event.because };
    case "resumed":
      return {
        ...state,
        plan: event.plan,
        failure: null,
        stopped: null,
        paused: null,
        by: event.by ? [...state.by, event.by] : state.by,
        ...(event.from === "top" && { settled: [], topAt: event.at }),
      };
    case "step-started":
      return { ...state, begun: { ...state.begun, [event.step]: event.at } };
    case "step-done":
      return settle(state, event, event.how, event.facts ?? {}, null);
    case "step-failed":
      return event.tolerated
        ? settle(state, event, event.how, {}, event.error)
        : { ...state, failure: { step: event.step, error: event.error, how: event.how } };
    case "step-skipped":
      return settle(state, { ...event, ms: 0 }, "skipped", {}, event.because);
    case "passed-over":
      return event.of === "step"
        ? settle(state, { ...event, step: event.part, ms: 0 }, "passed-over", {}, `not: ${event.condition}`)
        : withApproval(state, event.part, { open: null, given: null, passedOver: event.condition });
    case "approval-asked": {
      const asked = [...approvalIn(state, event.approval).asked, event];
      return withApproval(state, event.approval, { asked, open: event, given: null, passedOver: null });
    }
    case "approval-given":
      return withApproval(state, event.approval, { open: null, given: event, ...filed(state, event) });
    case "approval-refused": {
      const refused = [...approvalIn(state, event.approval).refused, event];
      // A file that does not count leaves the question open; a person who does not agree closes it.
      return withApproval(state, event.approval, {
        ...{ refused, ...filed(state, event) },
        ...(event.file === undefined && { open: null }),
      });
    }
    case "step-undone":
      return { ...state, settled: state.settled.filter(({ step }) => step !== event.step) };
    case "finished":
      return { ...state, finished: event };
    default:
      return event satisfies never;
  }
}

const NEVER_ASKED: ApprovalState = {
  asked: [],
  open: null,
  given: null,
  refused: [],
  passedOver: null,
  files: [],
};

/** What is known of the approval; nothing, of one that was never come to. */
export const approvalIn = ({ approvals }: Pick<ExecutionState, "approvals">, name: string): ApprovalState =>
  approvals[name] ?? NEVER_ASKED;

const withApproval = (
  state: ExecutionState,
  name: string,
  change: Partial<ApprovalState>,
): ExecutionState => ({
  ...state,
  approvals: { ...state.approvals, [name]: { ...approvalIn(state, name), ...change } },
});

const filed = (
  state: ExecutionState,
  { approval, file }: EventOf<"approval-given" | "approval-refused">,
): Pick<ApprovalState, "files"> => {
  const { files } = approvalIn(state, approval);
  return { files: file === undefined ? files : [...files, file] };
};

/** The asking that is not answered yet, and whose answer would count at this moment; milliseconds since 1970. */
export function openAsking(
  { finished, approvals }: Pick<ExecutionState, "finished" | "approvals">,
  now: number,
): EventOf<"approval-asked"> | null {
  if (finished) return null;
  return Object.values(approvals).find(({ open }) => open && now <= open.until)?.open ?? null;
}

function settle(
  state: ExecutionState,
  event: { readonly step: string; readonly at: number; readonly ms: number },
  outcome: SettledStep["outcome"],
  facts: Facts,
  error: string | null,
): ExecutionState {
  const settled: SettledStep = {
    step: event.step,
    startedAt:
      outcome === "skipped" || outcome === "passed-over" ? event.at : (state.begun[event.step] ?? event.at),
    endedAt: event.at,
    ms: event.ms,
    outcome,
    facts,
    error,
  };
  return { ...state, settled: [...state.settled, settled] };
}
