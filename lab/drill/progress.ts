import type { DrillEvent } from "./chronicle.ts";
import { after, lastingLine, liveLine, nothingYet } from "./view.ts";

/** Where progress goes. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 200;
const CLEAR_LINE = "\r\u001b[2K";

/**
 * Shows a drill while it runs: a line for whatever is over, and at a terminal a last one that is drawn over and over.
 */
export class Progress {
  readonly #out: Terminal;
  readonly #redraw: NodeJS.Timeout | null;
  #state = nothingYet;

  constructor(out: Terminal) {
    this.#out = out;
    this.#redraw = out.isTTY ? setInterval(() => this.#draw(), REDRAW_MS) : null;
  }

  show(event: DrillEvent): void {
    this.#state = after(this.#state, event, performance.now());
    const line = lastingLine(event);
    if (line === null) return;
    this.#out.write(this.#redraw ? `${CLEAR_LINE}${line}\n` : `${line}\n`);
    this.#draw();
  }

  /** Leaves the terminal as it should be. */
  end(): void {
    if (!this.#redraw) return;
    clearInterval(this.#redraw);
    this.#out.write(CLEAR_LINE);
  }

  #draw(): void {
    if (!this.#redraw) return;
    this.#out.write(CLEAR_LINE + liveLine(this.#state, performance.now(), this.#out.columns ?? 80));
  }
}
