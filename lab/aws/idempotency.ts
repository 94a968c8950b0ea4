import { isDeepStrictEqual } from "node:util";
import type { AwsFault } from "./fault.ts";

interface Remembered {
  readonly input: unknown;
  readonly answer: Promise<object | undefined>;
}

/**
 * Requests by the token that their client gave them: one that is repeated is carried out once and answered the same, also
 * while the first is still at it. What was refused is not remembered: a repeat may succeed.
 */
export class IdempotencyTokens {
  readonly #remembered = new Map<string, Remembered>();
  readonly #mismatch: () => AwsFault;

  /** @param mismatch refuses a token that comes with another input than the first time. */
  constructor(mismatch: () => AwsFault) {
    this.#mismatch = mismatch;
  }

  /** @param token of one client, in one region. @throws AwsFault for another input under a known token, or `act`'s own */
  async once(
    token: string,
    input: unknown,
    act: () => Promise<object | undefined>,
  ): Promise<object | undefined> {
    const known = this.#remembered.get(token);
    if (known) {
      if (!isDeepStrictEqual(known.input, input)) throw this.#mismatch();
      return known.answer;
    }
    const answer = act();
    this.#remembered.set(token, { input, answer });
    answer.catch(() => this.#remembered.delete(token));
    return answer;
  }
}
