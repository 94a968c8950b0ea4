import type { Wait } from "@castle/lab/aws/pace.ts";

/** Time that passes only when a test says so. */
export class HeldTime {
  /** What is being waited for, in milliseconds, the longest first. */
  get waitedFor(): number[] {
    return this.#waits.map(({ ms }) => ms).toSorted((a, b) => b - a);
  }
  readonly #waits: { ms: number; pass: () => void }[] = [];

  readonly wait: Wait = (ms, signal) =>
    new Promise((resolve, reject) => {
      const mine = { ms, pass: resolve };
      this.#waits.push(mine);
      signal.addEventListener("abort", () => {
        this.#waits.splice(this.#waits.indexOf(mine), 1);
        reject(signal.reason);
      });
    });

  /** Everything that is being waited for now is over. */
  pass(): void {
    for (const { pass } of this.#waits.splice(0)) pass();
  }
}
