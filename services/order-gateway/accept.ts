import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import client from "prom-client";
import type { Acceptor } from "./acceptance/acceptor.ts";
import type { Intent, RefusalReason } from "./acceptance/decide.ts";
import type { Reign } from "./authority/reign.ts";

const durableSeconds = new client.Histogram({
  name: "castle_durable_seconds",
  help: "From the commit of a command to its being durable as the mode demands",
  buckets: [0.005, 0.01, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 1],
});

/** How long a request waits to become durable before it is told "unknown". */
const DURABLE_WITHIN_MS = 2_500;

/** Takes an intent to durability: the one way in which anything is ever acknowledged. */
export class Acceptance {
  readonly #acceptor: Acceptor;
  readonly #reign: () => Reign | null;

  constructor(acceptor: Acceptor, reign: () => Reign | null) {
    this.#acceptor = acceptor;
    this.#reign = reign;
  }

  /**
   * @returns the command, durable as the mode demands: it may be acknowledged. For a repeated request the first one.
   * @throws ApiError -1001 when nothing was executed, -1006 when nobody can know yet, or the refusal.
   */
  async accept(intent: Intent): Promise<{ command: AcceptedCommand; repeated: boolean }> {
    const reign = this.#reign();
    if (!reign || reign.gate === "closed") throw apiError.notAccepting("this cell is not accepting");
    const storing = this.#acceptor.store(intent, reign);
    if (!storing) throw apiError.notAccepting("too many requests are waiting");
    const stored = await storing;
    switch (stored.kind) {
      case "unknown":
        throw apiError.executionUnknown(new Error(stored.because));
      case "refused":
        throw refusal(stored.because);
      case "accepted": {
        const { command, repeated } = stored;
        const done = durableSeconds.startTimer();
        const durable = await reign.marks.reached(command.stream, command.seq, DURABLE_WITHIN_MS);
        done();
        if (durable) return { command, repeated };
        throw apiError.executionUnknown();
      }
      default:
        return stored satisfies never;
    }
  }
}

function refusal(because: RefusalReason): Error {
  switch (because) {
    case "insufficient-funds":
      return apiError.insufficientBalance();
    case "unknown-order":
      return apiError.cancelRejected();
    case "client-id-taken":
      return apiError.orderRejected("Duplicate order sent.");
    case "cancel-only":
      return apiError.notAccepting("this cell takes only cancels for the moment");
    case "closed":
      return apiError.notAccepting("this cell is not accepting");
    default:
      return because satisfies never;
  }
}
