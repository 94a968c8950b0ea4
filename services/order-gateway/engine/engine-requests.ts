import type { Seq } from "@castle/services/kernel/domain/command.ts";
import {
  encodeIntentCommand,
  type Intent,
  type RefusalReason,
} from "@castle/services/kernel/domain/intent.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import type { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import type { EngineAnswers, EngineQuery, FromEngine } from "@castle/services/kernel/engine-line/messages.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";

export interface Accepted {
  readonly kind: "accepted";
  /** Durable as the mode demands, and applied. */
  readonly seq: Seq;
  readonly acceptedAt: number;
  /** Whether this is the first result of a request that was sent before. */
  readonly repeated: boolean;
  /** null when it was not asked for, or is in the projection already. */
  readonly outcome: Outcome | null;
}

export type SubmitResult =
  | Accepted
  | { readonly kind: "refused"; readonly because: RefusalReason | "no-engine" }
  /** It may or may not have been accepted. */
  | { readonly kind: "unknown"; readonly because: string };

interface Waiting {
  readonly since: number;
  readonly settle: (message: FromEngine | { readonly type: "lost"; readonly because: string }) => void;
}

/** How long a request waits for the engine: to become durable may take a journal's outage. */
const ANSWER_WITHIN_MS = 2_500;
const CHECK_EVERY_MS = 100;
/** Requests under way at once: beyond, traders are told at once instead of waiting in a queue. */
const MAX_UNDER_WAY = 10_000;

/** What a gateway asks of the engine, and the answers that are under way. */
export class EngineRequests {
  readonly #client: EngineClient;
  /** In the order in which they were sent. */
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(client: EngineClient) {
    this.#client = client;
    client.on("message", (message) => this.#received(message));
    client.on("closed", (because) => this.#lost(() => true, because));
    this.#timer = setInterval(() => {
      const before = performance.now() - ANSWER_WITHIN_MS;
      this.#lost(({ since }) => since < before, "the engine did not answer in time");
    }, CHECK_EVERY_MS);
  }

  /** @param outcome whether the result is to say what came of it. Never rejects. */
  submit(intent: Intent, outcome: boolean): Promise<SubmitResult> {
    if (!this.#client.isOpen) return Promise.resolve({ kind: "refused", because: "no-engine" });
    if (this.#waiting.size >= MAX_UNDER_WAY)
      return Promise.resolve({ kind: "refused", because: "overloaded" });
    return new Promise((resolve) => {
      const id = this.#wait((message) => resolve(resultOf(message)));
      const { stream, accountId, clientId, command } = intent;
      this.#client.send({
        ...{ type: "intent", id, stream, accountId, clientId, outcome },
        command: encodeIntentCommand(command),
      });
    });
  }

  /** @throws ApiError -1001 when the engine does not answer: nothing is known, and another try may succeed */
  query<Kind extends EngineQuery["kind"]>(
    query: Extract<EngineQuery, { kind: Kind }>,
  ): Promise<EngineAnswers[Kind]> {
    if (!this.#client.isOpen || this.#waiting.size >= MAX_UNDER_WAY)
      return Promise.reject(apiError.notAccepting("the matching engine does not answer"));
    return new Promise((resolve, reject) => {
      const id = this.#wait((message) => {
        if (message.type === "answer") resolve(message.answer as EngineAnswers[Kind]);
        else reject(apiError.notAccepting("the matching engine does not answer"));
      });
      this.#client.send({ type: "query", id, query });
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#lost(() => true, "this gateway stops");
  }

  #wait(settle: Waiting["settle"]): number {
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, { since: performance.now(), settle });
    return this.#lastId;
  }

  #received(message: FromEngine): void {
    if (!("id" in message)) return;
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    waiting.settle(message);
  }

  /** Oldest first, until one is not meant. */
  #lost(isMeant: (waiting: Waiting) => boolean, because: string): void {
    for (const [id, waiting] of this.#waiting) {
      if (!isMeant(waiting)) return;
      this.#waiting.delete(id);
      waiting.settle({ type: "lost", because });
    }
  }
}

function resultOf(message: Parameters<Waiting["settle"]>[0]): SubmitResult {
  switch (message.type) {
    case "accepted": {
      const { seq, acceptedAt, repeated } = message;
      return { kind: "accepted", seq, acceptedAt, repeated, outcome: message.outcome as Outcome | null };
    }
    case "refused":
      return { kind: "refused", because: message.because };
    case "unknown":
    case "lost":
      return { kind: "unknown", because: message.because };
    default:
      return { kind: "unknown", because: `the engine answered an intent with "${message.type}"` };
  }
}
