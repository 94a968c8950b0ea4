import type { EventOf, ExecutionEvent } from "./event.ts";
import type { Facts } from "./step.ts";
import type { Who } from "./who.ts";

/** How a step can end that did not do its work. */
export type FailedHow = EventOf<"step-failed">["how"];

/** A step that is behind an execution: done, skipped, or failed and tolerated. */
export interface SettledStep {
  readonly step: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ms: number;
  readonly outcome: "done" | "already-done" | "skipped" | FailedHow;
  readonly facts: Facts;
  /** Why it failed or was skipped; null for a step that is done. */
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
  readonly failure: { readonly step: string; readonly error: string; readonly how: FailedHow } | null;
  /** Who began it, and who went on with it, in order; not known of a record that does not tell. */
  readonly by: readonly Who[];
  /** The latest event: milliseconds since 1970. */
  readonly lastAt: number;
  /** Why the latest run ended without finishing; null while one may be at work, and of one that was killed. */
  readonly stopped: string | null;
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
    by: first.by ? [first.by] : [],
    lastAt: first.at,
    stopped: null,
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
      return state;
    case "stopped":
      return { ...state, stopped: event.because };
    case "resumed":
      return {
        ...state,
        plan: event.plan,
        failure: null,
        stopped: null,
        by: event.by ? [...state.by, event.by] : state.by,
        settled: event.from === "top" ? [] : state.settled,
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
  event: { readonly step: string; readonly at: number; readonly ms: number },
  outcome: SettledStep["outcome"],
  facts: Facts,
  error: string | null,
): ExecutionState {
  const settled: SettledStep = {
    step: event.step,
    startedAt: outcome === "skipped" ? event.at : (state.begun[event.step] ?? event.at),
    endedAt: event.at,
    ms: event.ms,
    outcome,
    facts,
    error,
  };
  return { ...state, settled: [...state.settled, settled] };
}
