/** What a member says of itself, and null unless it is reachable. */
export type MemberAnswer<Vitals> =
  | { readonly reachability: "reachable"; readonly vitals: Vitals }
  | { readonly reachability: "unreachable" | "unknown"; readonly vitals: null };

export interface MemberProbeOptions<Vitals> {
  /** Asks the member. Has a deadline of its own, in seconds: a busy machine is no failure. */
  readonly ask: () => Promise<Vitals>;
  /** The id of its process; null while it does not run, is frozen, or its region is lost. */
  readonly process: () => number | null;
  /** Whether an error of `ask` is the member's own "I do not serve". Any other is silence. */
  readonly refuses: (error: unknown) => boolean;
  /** How long a silent member's last answer is waited out before it stands in. Milliseconds; default 400. */
  readonly soonMs?: number;
  /** How long a silent member's last answer stands in for it. Milliseconds; default 10,000. */
  readonly keptMs?: number;
}

interface LastAnswer<Vitals> {
  readonly vitals: Vitals;
  readonly process: number;
  /** By performance.now(). */
  readonly at: number;
}

/**
 * Asks one member how it is. Silence of a process that runs says nothing about it: its last answer stands in for a
 * bounded time, then it is unknown. A process that does not run is unreachable at once.
 */
export class MemberProbe<Vitals> {
  readonly #options: Required<MemberProbeOptions<Vitals>>;
  #last: LastAnswer<Vitals> | null = null;
  #asking: Promise<MemberAnswer<Vitals>> | null = null;
  #askedNext: Promise<MemberAnswer<Vitals>> | null = null;

  constructor(options: MemberProbeOptions<Vitals>) {
    this.#options = { soonMs: 400, keptMs: 10_000, ...options };
  }

  async read(): Promise<MemberAnswer<Vitals>> {
    if (this.#options.process() === null) return { reachability: "unreachable", vitals: null };
    const answer = this.#answerFromNow();
    if (this.#lastAnswer().reachability === "unknown") return answer;
    const soon = await Promise.race([answer, silence(this.#options.soonMs)]);
    return soon ?? this.#lastAnswer();
  }

  /** One that was asked before is of a moment before: whoever comes meanwhile shares the next. */
  #answerFromNow(): Promise<MemberAnswer<Vitals>> {
    if (this.#askedNext !== null) return this.#askedNext;
    if (this.#asking === null) return this.#ask();
    this.#askedNext = this.#asking.then(() => this.#ask());
    return this.#askedNext;
  }

  #ask(): Promise<MemberAnswer<Vitals>> {
    this.#askedNext = null;
    this.#asking = this.#answer().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #answer(): Promise<MemberAnswer<Vitals>> {
    const process = this.#options.process();
    if (process === null) return { reachability: "unreachable", vitals: null };
    try {
      const vitals = await this.#options.ask();
      this.#last = { vitals, process, at: performance.now() };
      return { reachability: "reachable", vitals };
    } catch (error) {
      // It was killed or frozen meanwhile.
      if (this.#options.process() === null) return { reachability: "unreachable", vitals: null };
      if (!this.#options.refuses(error)) return this.#lastAnswer();
      this.#last = null;
      return { reachability: "unreachable", vitals: null };
    }
  }

  #lastAnswer(): MemberAnswer<Vitals> {
    const process = this.#options.process();
    if (process === null) return { reachability: "unreachable", vitals: null };
    const { keptMs } = this.#options;
    if (this.#last === null || this.#last.process !== process || performance.now() > this.#last.at + keptMs)
      return { reachability: "unknown", vitals: null };
    return { reachability: "reachable", vitals: this.#last.vitals };
  }
}

const silence = (afterMs: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), afterMs).unref());
