import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { ApiError, apiError } from "@castle/services/kernel/http/errors.ts";
import type { Accepted, EngineRequests, SubmitResult } from "./engine/engine-requests.ts";

/** An accepted command with what came of it. */
export interface AcceptedWithOutcome extends Accepted {
  readonly outcome: Outcome;
}

/** Reads an outcome that the projection has. */
export type ReadOutcome = (stream: StreamId, seq: Seq) => Promise<Outcome | null>;

/** Takes an intent to durability: the one way in which anything is ever acknowledged. */
export class Acceptance {
  readonly #engine: EngineRequests;
  readonly #readOutcome: ReadOutcome;

  constructor(engine: EngineRequests, readOutcome: ReadOutcome) {
    this.#engine = engine;
    this.#readOutcome = readOutcome;
  }

  /**
   * @returns the command, durable as the mode demands and applied: it may be acknowledged. Of a repeated request the first.
   * @throws ApiError -1001 when nothing was executed, -1006 when nobody can know yet, or the refusal.
   */
  async accept(intent: Intent): Promise<Accepted> {
    return acceptedOf(await this.#engine.submit(intent, false));
  }

  /** As {@link accept}, with what came of it. */
  async acceptWithOutcome(intent: Intent): Promise<AcceptedWithOutcome> {
    const accepted = acceptedOf(await this.#engine.submit(intent, true));
    const outcome = accepted.outcome ?? (await this.#readOutcome(intent.stream, accepted.seq));
    if (!outcome) throw apiError.resultLate();
    return { ...accepted, outcome };
  }
}

function acceptedOf(result: SubmitResult): Accepted {
  switch (result.kind) {
    case "accepted":
      return result;
    case "refused":
      throw refusal(result.because);
    case "unknown":
      throw apiError.executionUnknown(new Error(result.because));
    default:
      return result satisfies never;
  }
}

function refusal(because: Extract<SubmitResult, { kind: "refused" }>["because"]): Error {
  switch (because) {
    case "insufficient-funds":
      return apiError.insufficientBalance();
    case "unknown-order":
      return apiError.cancelRejected();
    case "duplicate-order":
      return apiError.orderRejected("Duplicate order sent.");
    case "too-many-orders":
      return apiError.filterFailure("MAX_NUM_ORDERS");
    case "no-last-price":
      return apiError.orderRejected(
        "A MARKET buy by quantity needs a last price, and nothing has traded yet; use quoteOrderQty or a LIMIT order.",
      );
    case "key-reused":
      return new ApiError(422, -1130, "The Idempotency-Key was sent before, with another request.");
    case "unknown-stream":
      return apiError.notAccepting("this market is not traded here yet");
    case "malformed":
      return apiError.unknown(new Error("the engine was handed what cannot be matched"));
    case "cancel-only":
      return apiError.notAccepting("this cell takes only cancels for the moment");
    case "first-result-unknown":
      return apiError.notAccepting("whether it was sent before could not be read");
    case "overloaded":
      return apiError.notAccepting("too many requests are waiting");
    case "closed":
    case "no-engine":
      return apiError.notAccepting("this cell is not accepting");
    default:
      return because satisfies never;
  }
}
