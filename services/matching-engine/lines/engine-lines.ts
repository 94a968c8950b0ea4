import type { StreamId } from "../../kernel/domain/command.ts";
import { decodeIntentCommand, type Intent } from "../../kernel/domain/intent.ts";
import {
  acceptedMessage,
  type EngineStatus,
  type FromEngine,
  outcomesMessage,
  type ToEngine,
} from "../../kernel/engine-line/messages.ts";
import type { Line, LineHandlers } from "../../kernel/line/line.ts";
import { LineServer } from "../../kernel/line/line-server.ts";
import type { SparseLog } from "../../kernel/sparse-log.ts";
import type { AppliedCommand } from "../application/applied-command.ts";
import type { IntentResult, LeadRun } from "../lead/lead-run.ts";
import { answerQuery } from "./answer-query.ts";

export interface EngineLinesOptions {
  readonly host: string;
  readonly port: number;
  readonly sealKey: Buffer;
  readonly log: SparseLog;
  /** The run that leads now; null while none does. */
  readonly run: () => LeadRun | null;
  readonly status: () => EngineStatus;
}

const STATUS_EVERY_MS = 250;
/** Outcomes are handed to subscribers together with those that follow soon: fewer, larger writes. */
const PUBLISH_EVERY_MS = 10;

/** The engine's side of its lines: takes intents and queries, hands out results and outcomes. */
export class EngineLines {
  readonly #options: EngineLinesOptions;
  readonly #subscribers = new Set<Line>();
  #outcomes: string[] = [];
  #server: LineServer | null = null;
  readonly #timer: NodeJS.Timeout;

  private constructor(options: EngineLinesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.publishStatus(), STATUS_EVERY_MS);
  }

  static async listen(options: EngineLinesOptions): Promise<EngineLines> {
    const lines = new EngineLines(options);
    lines.#server = await LineServer.listen({
      host: options.host,
      port: options.port,
      sealKey: options.sealKey,
      accept: (line) => lines.#accept(line),
    });
    return lines;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** Says to everybody where this engine stands. */
  publishStatus(): void {
    const message = JSON.stringify({ type: "status", status: this.#options.status() } satisfies FromEngine);
    for (const line of this.#server?.lines ?? []) line.send(message);
  }

  /** Hands outcomes to whoever subscribed, in the order in which they were applied. */
  publish(commands: readonly AppliedCommand[]): void {
    if (this.#subscribers.size === 0) return;
    if (this.#outcomes.length === 0) setTimeout(() => this.#flushOutcomes(), PUBLISH_EVERY_MS);
    for (const { outcome } of commands) this.#outcomes.push(outcome);
  }

  /** The run is over: subscribers must ask anew, for another engine knows other positions. */
  endSubscriptions(because: string): void {
    this.#flushOutcomes();
    for (const line of this.#subscribers) line.close(because);
    this.#subscribers.clear();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#server?.close();
  }

  #flushOutcomes(): void {
    if (this.#outcomes.length === 0) return;
    const message = outcomesMessage(this.#outcomes);
    this.#outcomes = [];
    for (const line of this.#subscribers) line.send(message);
  }

  #accept(line: Line): LineHandlers {
    line.send(JSON.stringify({ type: "status", status: this.#options.status() } satisfies FromEngine));
    return {
      onMessage: (message) => {
        try {
          this.#received(line, JSON.parse(message) as ToEngine);
        } catch (error) {
          const { service, instance } = line.peer;
          this.#options.log.warn({ service, instance }, error, "a message on a line could not be read");
          line.close(`a message could not be read: ${(error as Error).message}`);
        }
      },
      onClose: () => void this.#subscribers.delete(line),
    };
  }

  #received(line: Line, message: ToEngine): void {
    switch (message.type) {
      case "intent":
        this.#submit(line, message);
        break;
      case "query":
        this.#answer(line, message);
        break;
      case "subscribe":
        this.#subscribe(line, message.positions);
        break;
      default:
        throw new Error(`unknown message "${String((message as { type?: unknown }).type)}"`);
    }
  }

  #submit(line: Line, message: Extract<ToEngine, { type: "intent" }>): void {
    const run = this.#options.run();
    const { id, outcome } = message;
    if (run) run.submit(intentOf(message), (result) => line.send(resultMessage(id, result, outcome)));
    else line.send(resultMessage(id, { kind: "refused", because: "closed" }, outcome));
  }

  #answer(line: Line, { id, query }: Extract<ToEngine, { type: "query" }>): void {
    const run = this.#options.run();
    if (run?.confirmed) {
      const answer = answerQuery(query, run.state, run.unprojected);
      line.send(JSON.stringify({ type: "answer", id, answer } satisfies FromEngine));
    }
    // Whoever gets no answer knows nothing; an empty one would say that there is nothing.
    else line.close("this engine does not lead");
  }

  /** What was applied before it is in `positions` or among what it missed: not to be sent once more behind them. */
  #subscribe(line: Line, known: Readonly<Record<StreamId, number>> | null): void {
    const run = this.#options.run();
    if (!run) {
      line.close("this engine does not lead");
      return;
    }
    this.#flushOutcomes();
    const positions: Record<StreamId, number> = {};
    const missed: string[] = [];
    for (const [stream, { machine }] of run.state.streams) {
      const from =
        known === null ? machine.appliedSeq : Math.max(known[stream] ?? 0, run.projectedUpTo(stream));
      positions[stream] = from;
      missed.push(...run.unprojected.outcomesAfter(stream, from));
    }
    line.send(JSON.stringify({ type: "positions", positions } satisfies FromEngine));
    if (missed.length > 0) line.send(outcomesMessage(missed));
    this.#subscribers.add(line);
  }
}

/** @throws Error when it is none: the sender is a gateway, which checks what traders send */
function intentOf({ stream, accountId, clientId, command }: Extract<ToEngine, { type: "intent" }>): Intent {
  if (typeof stream !== "string" || typeof clientId !== "string" || !Number.isSafeInteger(accountId))
    throw new Error("an intent needs a stream, an account and a client id");
  return { stream, accountId, clientId, command: decodeIntentCommand(command) };
}

function resultMessage(id: number, result: IntentResult, withOutcome: boolean): string {
  switch (result.kind) {
    case "accepted":
      return acceptedMessage(
        ...([id, result.seq, result.acceptedAt, result.repeated] as const),
        withOutcome ? result.outcome : null,
      );
    case "refused":
      return JSON.stringify({ type: "refused", id, because: result.because });
    case "unknown":
      return JSON.stringify({ type: "unknown", id, because: result.because });
    default:
      return result satisfies never;
  }
}
