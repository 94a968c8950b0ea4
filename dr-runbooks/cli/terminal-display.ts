import type { ExecutionEvent } from "../engine/event.ts";
import type { Runbook } from "../engine/runbook.ts";
import type { TradersTold } from "../traders/traders-view.ts";
import { type Display, tellEvent, type Usual } from "./display.ts";
import { frame } from "./frame.ts";
import { paint } from "./paint.ts";
import { Progress } from "./progress.ts";

/** How often the frame is drawn anew when nothing happens: the times in it go on. */
const TICK_MS = 500;

/** What a terminal is, as far as it is drawn on. */
export type Screen = Pick<NodeJS.WriteStream, "write"> & {
  readonly columns?: number;
  readonly rows?: number;
};

/**
 * Draws a run on a terminal, in place: its steps, which of them run, since when and how long they took last time, what
 * comes next, and what traders meet meanwhile. What is to be read afterwards stands above. It stands still where
 * somebody is asked, since a question cannot be read in a picture that moves.
 */
export class TerminalDisplay<Context> implements Display {
  readonly #screen: Screen;
  readonly #progress: Progress<Context>;
  readonly #traders = new Map<string, TradersTold>();
  readonly #awaiting = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  /** To be read below the last frame. */
  readonly #last: string[] = [];
  #title: string;
  #began = Date.now();
  /** Lines of the frame that stands above the cursor. */
  #drawn = 0;
  #still = false;

  constructor(runbook: Runbook<Context>, usual: Usual = new Map(), screen: Screen = process.stdout) {
    this.#screen = screen;
    this.#progress = new Progress(runbook, usual);
    this.#title = runbook.name;
    this.#timer = setInterval(() => this.#draw(), TICK_MS).unref();
  }

  show(event: ExecutionEvent): void {
    this.#progress.note(event);
    switch (event.kind) {
      case "started":
        this.#began = event.at;
        this.#title = event.id;
        break;
      case "step-started":
      case "step-done":
      case "step-skipped":
      case "passed-over":
      case "call":
        break;
      case "step-failed":
        // In the frame there is room for a line of it.
        this.note(tellEvent(event) ?? "");
        break;
      case "approval-asked":
        this.#draw();
        this.#leave();
        this.#still = true;
        this.#screen.write(`${tellEvent(event)}\n`);
        return;
      case "approval-given":
      case "approval-refused":
        // A file that does not count leaves the question where it stands.
        if (event.kind === "approval-given" || event.file === undefined) this.#still = false;
        this.note(tellEvent(event) ?? "");
        return;
      case "finished":
      case "stopped":
        this.#last.push(tellEvent(event) ?? "");
        break;
      default: {
        const told = tellEvent(event);
        if (told !== null) this.note(told);
        return;
      }
    }
    this.#draw();
  }

  traders(told: TradersTold): void {
    this.#traders.set(told.region, told);
    this.#draw();
  }

  awaiting(what: string): void {
    const [step = "", ...finding] = what.split(": ");
    if (this.#progress.parts.some(({ name }) => name === step))
      this.#awaiting.set(step, `waits: ${finding.join(": ")}`);
    else this.note(what);
    this.#draw();
  }

  note(text: string): void {
    this.#erase();
    this.#screen.write(`${text}\n`);
    this.#draw();
  }

  async still(): Promise<void> {
    this.#leave();
    this.#still = true;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#still = false;
    this.#draw();
    this.#leave();
    this.#still = true;
    for (const text of this.#last) this.#screen.write(`${text}\n`);
  }

  #draw(): void {
    if (this.#still) return;
    const { columns = 80, rows = 24 } = this.#screen;
    const lines = frame(
      {
        ...{ title: this.#title, began: this.#began, now: Date.now(), parts: this.#progress.parts },
        ...{ awaiting: this.#awaiting, traders: [...this.#traders.values()] },
      },
      { columns, rows },
      paint,
    );
    this.#erase();
    this.#screen.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  /** What is drawn stays where it is; what comes next stands below. */
  #leave(): void {
    this.#drawn = 0;
  }

  /** Up to where the frame begins, and everything from there on away. */
  #erase(): void {
    if (this.#drawn > 0) this.#screen.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }
}
