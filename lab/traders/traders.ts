import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { now } from "./clock.ts";
import type { SecondFigures } from "./figures.ts";
import type { FromTraders, LoadOptions, ToTraders } from "./messages.ts";
import { TraderRecords } from "./trader-records.ts";
import type { TimeWindow, WindowFigures } from "./windows.ts";

export type TradersOptions = Omit<LoadOptions, "patientShare" | "userStreams" | "rampMs"> &
  Partial<Pick<LoadOptions, "patientShare" | "userStreams" | "rampMs">>;

/** A moment somebody gave a name. */
export interface Mark {
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The traders' process ended before it was asked to. */
export class TradersDied extends Error {
  constructor(how: string) {
    super(`the traders' process ended by itself: ${how}`);
    this.name = "TradersDied";
  }
}

const MOST_PROBLEMS = 20;
const ENTRY = fileURLToPath(new URL("./main.ts", import.meta.url));

/**
 * Starts the load in a process of its own, so that it measures the platform and not its supervisor. Resolves when the
 * listeners are connected and the first request is due.
 * @throws TradersDied when it cannot start
 */
export async function startTraders(options: TradersOptions): Promise<Traders> {
  const child = fork(ENTRY, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const traders = new Traders(child, options.recordsFolder);
  await traders.begin({ patientShare: 0, userStreams: 10, rampMs: 0, ...options });
  return traders;
}

export class Traders {
  readonly marks: Mark[] = [];
  /** The first answers that nobody could read: defects of the platform. */
  readonly problems: string[] = [];
  readonly #child: ChildProcess;
  readonly #recordsFolder: string;
  /** Rejects when the process ends in any other way than was asked for. */
  readonly #ended: Promise<void>;
  readonly #asked = new Map<number, (figures: WindowFigures) => void>();
  #questions = 0;
  #second: SecondFigures | null = null;
  #startedAt = 0;
  #started: ((startedAt: number) => void) | null = null;
  #stopping = false;
  /** Its own last word. */
  #failure: string | null = null;

  /** Use {@link startTraders}. */
  constructor(child: ChildProcess, recordsFolder: string) {
    this.#child = child;
    this.#recordsFolder = recordsFolder;
    this.#ended = once(child, "exit").then(([code, signal]) => {
      if (!this.#stopping || code !== 0)
        throw new TradersDied(this.#failure ?? (signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    // Whoever waits for something is told; when nobody does, it is no unhandled rejection.
    this.#ended.catch(() => undefined);
    child.on("message", (message: FromTraders) => this.#hear(message));
  }

  async begin(options: LoadOptions): Promise<void> {
    const started = new Promise<number>((resolve) => {
      this.#started = resolve;
    });
    this.#tell({ kind: "start", options });
    this.#startedAt = await this.#orDeath(started);
  }

  /** When the first request was due: milliseconds since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The last full second, as of at most 100 ms ago; null before the first. */
  stats(): SecondFigures | null {
    return this.#second;
  }

  /** When a command was last acknowledged, as of at most 100 ms ago; null before the first. */
  get lastAcknowledgedAt(): number | null {
    return this.#second?.lastAcknowledgedAt ?? null;
  }

  /** Gives this moment a name. */
  mark(label: string): Mark {
    const mark = { label, at: now() };
    this.marks.push(mark);
    return mark;
  }

  /** The figures of all windows together, while the load goes on. @throws TradersDied */
  async figures(windows: readonly TimeWindow[]): Promise<WindowFigures> {
    const id = this.#questions++;
    const answer = new Promise<WindowFigures>((resolve) => this.#asked.set(id, resolve));
    this.#tell({ kind: "figures", id, windows });
    return this.#orDeath(answer);
  }

  /**
   * Ends the load. What is still unknown is asked for (at most a minute), then the records are complete.
   * @throws TradersDied, or Error when the records are not complete
   */
  async stop(): Promise<TraderRecords> {
    this.#stopping = true;
    this.#tell({ kind: "stop" });
    await this.#ended;
    return TraderRecords.load(this.#recordsFolder);
  }

  /** Ends the process at once; its records stay incomplete. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async #orDeath<T>(answer: Promise<T>): Promise<T> {
    const ended = this.#ended.then(() => {
      throw new TradersDied("it was stopped meanwhile");
    });
    return Promise.race([answer, ended]);
  }

  #tell(message: ToTraders): void {
    // One that has just died takes no message; its end says so.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #hear(message: FromTraders): void {
    switch (message.kind) {
      case "started":
        this.#started?.(message.startedAt);
        break;
      case "second":
        this.#second = message.figures;
        break;
      case "figures":
        this.#asked.get(message.id)?.(message.figures);
        this.#asked.delete(message.id);
        break;
      case "problem":
        if (this.problems.length < MOST_PROBLEMS) this.problems.push(message.message);
        break;
      case "failed":
        this.#failure = message.because;
        break;
      default:
        message satisfies never;
    }
  }
}
