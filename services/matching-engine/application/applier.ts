import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import { metrics } from "../metrics.ts";
import type { StreamState, TradingState } from "../state/trading-state.ts";
import type { AppliedCommand } from "./applied-command.ts";

export interface ApplierOptions {
  readonly state: TradingState;
  /** Every command of the stream up to here is durable, as the mode demands. */
  readonly durableUpTo: (stream: StreamId) => Seq;
  /**
   * Up to here, what was accepted is applied in that very order, of all streams together: a recovered tail, of which
   * nobody knows what was decided in knowledge of what. Milliseconds since 1970.
   */
  readonly inOrderUpTo: number;
  /** Whether there is room for what is applied until it is projected. */
  readonly hasRoom: () => boolean;
  /** Some commands, in the order in which they were applied. */
  readonly onApplied: (commands: readonly AppliedCommand[]) => void;
  /** A command cannot be applied: a defect. */
  readonly onFailed: (error: Error) => void;
}

/** Applying goes on in the next turn of the event loop after so long: heartbeats and leases must not wait. */
const TURN_MS = 8;

/** Applies what is logged and durable: each command once, a stream's in order, and the earliest accepted first. */
export class Applier {
  readonly #options: ApplierOptions;
  #scheduled = false;
  #stopped = false;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /** Something may have become applicable. */
  kick(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#turn();
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  #turn(): void {
    const { state, hasRoom, onApplied, onFailed } = this.#options;
    const until = performance.now() + TURN_MS;
    const applied: AppliedCommand[] = [];
    try {
      for (let stream = this.#next(); stream !== null && hasRoom(); stream = this.#next()) {
        const { accepted, applied: what } = state.applyNext(stream);
        applied.push({
          accepted,
          applied: what,
          outcome: JSON.stringify(what.outcome),
          at: performance.now(),
        });
        if (performance.now() > until) {
          this.kick();
          break;
        }
      }
    } catch (error) {
      this.#stopped = true;
      onFailed(error as Error);
      return;
    }
    if (applied.length > 0) onApplied(applied);
    for (const stream of new Set(applied.map(({ accepted }) => accepted.stream)))
      metrics.appliedSeq.set({ stream }, state.stream(stream).machine.appliedSeq);
  }

  /**
   * The stream whose next command may be applied and was accepted the earliest. What another stream was decided in
   * knowledge of is earlier, so no balance is below zero on the way, also not while a long tail is caught up with.
   */
  #next(): StreamId | null {
    const { state, inOrderUpTo } = this.#options;
    let first: StreamId | null = null;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [stream, { pending }] of state.streams) {
      const command = pending.next;
      if (!command || command.acceptedAt >= earliest) continue;
      const applicable = this.#isApplicable(stream, pending);
      if (!applicable && command.acceptedAt > inOrderUpTo) continue;
      first = applicable ? stream : null;
      earliest = command.acceptedAt;
    }
    return first;
  }

  #isApplicable(stream: StreamId, { next, loggedUpTo }: StreamState["pending"]): boolean {
    return next !== undefined && next.seq <= loggedUpTo && next.seq <= this.#options.durableUpTo(stream);
  }
}
