import type { EventOf, ExecutionEvent } from "./event.ts";
import type { Facts } from "./step.ts";

/** A step that is behind an execution: done, or failed and tolerated. */
export interface SettledStep {
  readonly step: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ms: number;
  readonly outcome: "done" | "already-done" | "failed" | "timed-out";
  readonly facts: Facts;
  /** Why it failed; null for a step that is done. */
  readonly error: string | null;
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
  /** The last failure that was not tolerated; null once a run went on. */
  readonly failure: { readonly step: string; readonly error: string } | null;
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
    failure: null,
    finished: null,
  };
  return rest.reduce(after, state);
}

/** The state an event leads to. Pure. */
export function after(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  switch (event.kind) {
    case "started":
    case "stopped":
    case "undo-failed":
      return state;
    case "resumed":
      return {
        ...state,
        plan: event.plan,
        failure: null,
        settled: event.from === "top" ? [] : state.settled,
      };
    case "step-started":
      return { ...state, begun: { ...state.begun, [event.step]: event.at } };
    case "step-done":
      return settle(state, event, event.how, event.facts ?? {}, null);
    case "step-failed":
      return event.tolerated
        ? settle(state, event, event.how, {}, event.error)
        : { ...state, failure: { step: event.step, error: event.error } };
    case "step-undone":
      return { ...state, settled: state.settled.filter(({ step }) => step !== event.step) };
    case "finished":
      return { ...state, finished: event };
    default:
      return event satisfies never;
  }
}

function settle(
  state: ExecutionState,
  event: EventOf<"step-done" | "step-failed">,
  outcome: SettledStep["outcome"],
  facts: Facts,
  error: string | null,
): ExecutionState {
  const settled: SettledStep = {
    step: event.step,
    startedAt: state.begun[event.step] ?? event.at,
    endedAt: event.at,
    ms: event.ms,
    outcome,
    facts,
    error,
  };
  return { ...state, settled: [...state.settled, settled] };
}
