import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import type { Mark } from "@castle/dr-runbooks/report/report.ts";

/** How the load goes, as the traders see it: the last full second. Latencies in milliseconds. */
export interface LoadView {
  readonly acknowledgedPerSecond: number;
  readonly errorsPerSecond: number;
  readonly p99: number | null;
}

/** What the drill tells while it runs. */
export type DrillEvent =
  | { readonly kind: "act-started"; readonly of: Mark["kind"] | "around"; readonly name: string }
  | {
      readonly kind: "act-ended";
      readonly name: string;
      readonly tookMs: number;
      readonly error: string | null;
      /** Who used how much of the machine meanwhile, where that is known: shares of all that it has. */
      readonly use?: { readonly castle: number; readonly others: number };
    }
  | { readonly kind: "step"; readonly event: ExecutionEvent }
  /** What is being waited for, often: `drain: BTCUSDT: 5 accepted, 3 in the journal`. */
  | { readonly kind: "awaiting"; readonly what: string }
  | { readonly kind: "load"; readonly view: LoadView }
  /** Something else worth a line. */
  | { readonly kind: "note"; readonly text: string };

type AbsoluteMark = Omit<Mark, "startMs" | "endMs"> & { readonly from: number; readonly to: number };

/** Keeps what the drill did and when, and tells it as it happens. Moments are milliseconds since 1970. */
export class Chronicle {
  readonly #onEvent: (event: DrillEvent) => void;
  readonly #now: () => number;
  readonly #marks: AbsoluteMark[] = [];

  constructor(onEvent: (event: DrillEvent) => void, now: () => number) {
    this.#onEvent = onEvent;
    this.#now = now;
  }

  tell(event: DrillEvent): void {
    this.#onEvent(event);
  }

  /** Does the work as a part of the story, which the report marks on its timeline. */
  during<T>(kind: Mark["kind"], name: string, work: () => Promise<T>): Promise<T> {
    return this.#timed(kind, name, work, (from, to) => this.#marks.push({ kind, name, from, to }));
  }

  /** Does the work around the story: it is told, and not marked. */
  around<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#timed("around", name, work, () => undefined);
  }

  /** The marks in the report's own time, which begins at `zero`. */
  marks(zero: number): Mark[] {
    return this.#marks.map(({ kind, name, from, to }) => ({
      kind,
      name,
      startMs: told(from - zero),
      endMs: told(to - zero),
    }));
  }

  async #timed<T>(
    of: Mark["kind"] | "around",
    name: string,
    work: () => Promise<T>,
    ended: (from: number, to: number) => void,
  ): Promise<T> {
    const from = this.#now();
    this.tell({ kind: "act-started", of, name });
    let error: string | null = null;
    try {
      return await work();
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
      throw cause;
    } finally {
      const to = this.#now();
      ended(from, to);
      this.tell({ kind: "act-ended", name, tookMs: to - from, error });
    }
  }
}

/** Tenths of a millisecond are as fine as a report needs. What came before the load began counts as its beginning. */
const told = (ms: number): number => Math.max(0, Math.round(ms * 10) / 10);
