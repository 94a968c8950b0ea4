import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { AppliedCommand } from "./applied-command.ts";

export type Result = AppliedCommand | { readonly unknown: string };

/** Who waits for which command's being applied. */
export class Results {
  readonly #waiting = new Map<StreamId, Map<Seq, ((result: Result) => void)[]>>();

  wait(stream: StreamId, seq: Seq, settle: (result: Result) => void): void {
    let waiting = this.#waiting.get(stream);
    if (!waiting) {
      waiting = new Map();
      this.#waiting.set(stream, waiting);
    }
    const others = waiting.get(seq);
    if (others) others.push(settle);
    else waiting.set(seq, [settle]);
  }

  applied(command: AppliedCommand): void {
    const { stream, seq } = command.accepted;
    const waiting = this.#waiting.get(stream);
    const settlers = waiting?.get(seq);
    if (!waiting || !settlers) return;
    waiting.delete(seq);
    for (const settle of settlers) settle(command);
  }

  /** Nobody will learn here what became of what is waited for. */
  abandon(because: string): void {
    for (const waiting of this.#waiting.values())
      for (const settlers of waiting.values()) for (const settle of settlers) settle({ unknown: because });
    this.#waiting.clear();
  }
}
