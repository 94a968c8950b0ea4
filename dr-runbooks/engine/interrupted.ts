import type { EventOf } from "./event.ts";
import { tellWho } from "./who.ts";

/** An operator asked the run to stop. */
export class Interrupted extends Error {
  constructor(because: string) {
    super(because);
    this.name = "Interrupted";
  }
}

/** Somebody asked for it from elsewhere, for a reason. */
export class Paused extends Interrupted {
  readonly by: EventOf<"paused">["by"];
  readonly because: string;

  constructor({ by, because }: Pick<EventOf<"paused">, "by" | "because">) {
    super(`paused by ${tellWho(by)}: ${because}`);
    this.name = "Paused";
    this.by = by;
    this.because = because;
  }
}

/** Why a run that was asked to stop ends there: what the signal tells, or else that an operator wished so. */
export const interruption = (stop: AbortSignal, before: string): Interrupted =>
  stop.reason instanceof Interrupted
    ? stop.reason
    : new Interrupted(`stopped by the operator before ${before}`);
