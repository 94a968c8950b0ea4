import { readsOnly } from "@castle/regions/calls/call.ts";
import { type HeardCall, HeardCalls } from "@castle/regions/calls/heard.ts";
import type { ExecutionEvent } from "./event.ts";
import { ClaimLost, type Mandate } from "./mandate.ts";
import type { ExecutionRecord } from "./record.ts";

export interface TellingOptions {
  readonly record: Pick<ExecutionRecord, "state" | "append">;
  readonly mandate: Mandate;
  readonly onEvent: ((event: ExecutionEvent) => void) | undefined;
  readonly calls: HeardCalls | undefined;
}

/** What a run tells: first to its record, then to whoever watches; every call to AWS among it, in the order of all. */
export class Telling {
  readonly calls: HeardCalls;
  readonly #options: TellingOptions;
  /** Of the calls so far, that they are written: they stand before what came behind them. */
  #callsTold: Promise<void> = Promise.resolve();

  constructor(options: TellingOptions) {
    this.#options = options;
    this.calls = options.calls ?? new HeardCalls();
    this.calls.tellTo((call) => this.#tellCall(call));
  }

  /** Records, then tells. A step's end needs no wait for the disk. */
  async tell(event: ExecutionEvent): Promise<void> {
    const { record, mandate, onEvent } = this.#options;
    // Nothing is written behind the end of a record.
    if (event.kind === "finished" || event.kind === "stopped") this.calls.end();
    await this.#callsTold;
    // Another runner of this very execution writes its record by now.
    if (lostTo(mandate) !== record.state.id)
      await record.append(event, { durable: event.kind !== "step-done" });
    onEvent?.(event);
  }

  /**
   * Records a call, unless another runner may be writing by now; needs no wait for the disk. What else keeps it from
   * being written keeps the next event, too, and is told by that one.
   */
  #tellCall(call: HeardCall): void {
    const { record, mandate, onEvent } = this.#options;
    const event = { kind: "call", ...call, reads: readsOnly(call.operation) } as const;
    this.#callsTold = this.#callsTold
      .then(async () => {
        await mandate.ensure();
        await record.append(event, { durable: false });
        onEvent?.(event);
      })
      .catch(() => undefined);
  }
}

function lostTo({ lost }: Mandate): string | null {
  return lost.aborted && lost.reason instanceof ClaimLost ? lost.reason.to : null;
}
