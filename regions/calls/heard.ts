import { AsyncLocalStorage } from "node:async_hooks";
import type { Answered, Asked, CallMade } from "./call.ts";

/** A call, and what it was made for: null of what is asked beside everything that has a name. */
export interface HeardCall extends CallMade {
  readonly during: string | null;
}

const atWork = new AsyncLocalStorage<{ readonly heard: HeardCalls; readonly during: string | null } | null>();

/**
 * Hears of every call to AWS that is made for some piece of work, from wherever below it: who makes a call need not know
 * who listens. What is heard before somebody wants it is kept until then.
 */
export class HeardCalls {
  readonly #underWay = new Map<object, () => void>();
  #kept: HeardCall[] = [];
  #tell: ((call: HeardCall) => void) | null = null;
  #ended = false;

  /** Does the work, and hears of its calls. */
  during<Result>(what: string | null, work: () => Promise<Result>): Promise<Result> {
    return atWork.run({ heard: this, during: what }, work);
  }

  /** Tells what was heard so far, and from now on whatever is. */
  tellTo(tell: (call: HeardCall) => void): void {
    this.#tell = tell;
    for (const call of this.#kept.splice(0)) tell(call);
  }

  /** Hears no more. A call that nobody waits for any longer is told as one without an answer. */
  end(): void {
    for (const giveUp of this.#underWay.values()) giveUp();
    this.#ended = true;
  }

  /** @returns what to call with the answer. */
  begun(asked: Asked, during: string | null): (answer: Answered) => void {
    if (this.#ended) return () => undefined;
    const began = performance.now();
    const call = {};
    const told = (answer: Answered): void => {
      // Told once: its answer, or that there was none by the end.
      if (!this.#underWay.delete(call)) return;
      const ms = Math.round((performance.now() - began) * 10) / 10;
      this.#hear({ ...asked, ...answer, at: Date.now(), ms, during });
    };
    this.#underWay.set(call, () => told({ status: null, error: "NotAnsweredByTheEnd", requestId: null }));
    return told;
  }

  #hear(call: HeardCall): void {
    if (this.#tell) this.#tell(call);
    else this.#kept.push(call);
  }
}

/** Does the work so that nobody hears of its calls, whoever listens to the work around it. */
export const unheard = <Result>(work: () => Result): Result => atWork.run(null, work);

/** Whoever listens to the work at hand is told of the call; nobody may. @returns what to call with the answer. */
export function callBegun(asked: () => Asked): ((answer: Answered) => void) | null {
  const listener = atWork.getStore();
  return listener ? listener.heard.begun(asked(), listener.during) : null;
}
