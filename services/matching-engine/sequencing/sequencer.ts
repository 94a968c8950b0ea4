import type { Gate, Mode } from "@castle/regions/role.ts";
import { sqlState, sqlStateOf } from "../../kernel/database/connect.ts";
import { ConnectionLost } from "../../kernel/database/pipelined.ts";
import type { AcceptedCommand } from "../../kernel/domain/command.ts";
import type { Intent, RefusalReason } from "../../kernel/domain/intent.ts";
import { metrics } from "../metrics.ts";
import type { TradingState } from "../state/trading-state.ts";
import { decide, type Held } from "./decide.ts";
import type { LeadIdentity, LogWriter } from "./log-writer.ts";

/** What became of an intent before it was applied. */
export type Sequenced =
  | { readonly kind: "accepted"; readonly command: AcceptedCommand; readonly repeated: boolean }
  | { readonly kind: "refused"; readonly because: RefusalReason }
  /** It may or may not have been logged. */
  | { readonly kind: "unknown"; readonly because: string };

export interface SequencerOptions {
  readonly lead: LeadIdentity;
  readonly state: TradingState;
  readonly log: LogWriter;
  /** The gate, as far as this engine may go by it. */
  readonly gate: () => Gate;
  /** Whether what is applied and not projected has grown too much. */
  readonly overloaded: () => boolean;
  /** The first result of a repeated request that is not in memory. */
  readonly findFirst: (intent: Intent) => Promise<AcceptedCommand | undefined>;
  /** A batch is in the cell's log. Called in the order of the batches. */
  readonly onLogged: (commands: readonly AcceptedCommand[], durability: Mode) => void;
  /** The gate is another than was believed: reads it again. */
  readonly readGate: () => Promise<void>;
  /** The log can be written no more by this engine, or nobody knows what of it was. */
  readonly onFailed: (error: Error) => void;
}

interface Waiting {
  readonly intent: Intent;
  readonly first: AcceptedCommand | undefined;
  readonly settle: (sequenced: Sequenced) => void;
}

/** Who waits for a command of a batch to be logged: whoever sent it, and whoever repeats it meanwhile. */
interface InBatch {
  readonly waiting: Waiting;
  readonly command: AcceptedCommand;
  readonly repeated: boolean;
}

interface Batch {
  readonly commands: readonly AcceptedCommand[];
  readonly members: InBatch[];
}

/** From one batch to the next at least: what arrives meanwhile goes together. Milliseconds. */
export const BATCH_EVERY_MS = 8;
const MAX_BATCH = 512;
/** Batches that are on their way into the log at once. */
const MAX_UNDER_WAY = 8;
const MAX_WAITING = 10_000;

/** Gives each intent its place: decides in memory, in batches, and logs them. */
export class Sequencer {
  readonly #options: SequencerOptions;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #underWay: Batch[] = [];
  /** Refused with a gate that was changed, or sent behind one that was: decided anew once each has its answer. */
  #takenBack: Batch[] = [];
  /** What was in them, of those that have their answer. */
  #again: Waiting[] = [];
  /** Whose first results are being looked for. */
  #searching = 0;
  #lastAcceptedAt: number;
  #readingGate = false;
  #stopped = false;

  /** @param lastAcceptedAt the latest time that a command was accepted at: the next is later. Milliseconds since 1970. */
  constructor(options: SequencerOptions, lastAcceptedAt: number) {
    this.#options = options;
    this.#lastAcceptedAt = lastAcceptedAt;
  }

  get idle(): boolean {
    return this.#waiting.length + this.#underWay.length + this.#takenBack.length + this.#searching === 0;
  }

  /** Somebody else's command is in the log, accepted at that time: what comes is later. */
  followed(acceptedAt: number): void {
    this.#lastAcceptedAt = Math.max(this.#lastAcceptedAt, acceptedAt);
  }

  /** `settle` is called once: at once, or when the batch of the intent is logged, refused, or lost. */
  submit(intent: Intent, settle: (sequenced: Sequenced) => void): void {
    const { state, findFirst } = this.#options;
    const refusal = this.#refusal();
    if (refusal !== null) settle({ kind: "refused", because: refusal });
    else if (!state.isRepeatable(intent)) this.#take({ intent, first: undefined, settle });
    else {
      this.#searching += 1;
      findFirst(intent)
        .finally(() => {
          this.#searching -= 1;
        })
        .then(
          (first) => this.#take({ intent, first, settle }),
          () => settle({ kind: "refused", because: "first-result-unknown" }),
        );
    }
  }

  /** Nothing is taken any more; what waits was not executed, and what is under way is unknown. */
  stop(because: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const { settle } of [...this.#again, ...this.#waiting])
      settle({ kind: "refused", because: "closed" });
    for (const { members } of [...this.#underWay, ...this.#takenBack])
      for (const { waiting } of members) waiting.settle({ kind: "unknown", because });
    this.#waiting = [];
    this.#underWay = [];
    this.#takenBack = [];
  }

  #refusal(): RefusalReason | null {
    if (this.#stopped) return "closed";
    const many = this.#waiting.length + this.#searching >= MAX_WAITING;
    return many || this.#options.overloaded() ? "overloaded" : null;
  }

  #take(waiting: Waiting): void {
    if (this.#stopped) {
      waiting.settle({ kind: "refused", because: "closed" });
      return;
    }
    this.#waiting.push(waiting);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#stopped || this.#waiting.length === 0) return;
    if (this.#underWay.length >= MAX_UNDER_WAY) return;
    if (this.#readingGate || this.#takenBack.length > 0) return;
    const due = this.#flushedAt + BATCH_EVERY_MS - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#flush();
      },
      Math.max(0, due),
    );
  }

  #flush(): void {
    const { gate } = this.#options;
    this.#flushedAt = performance.now();
    const taken = this.#waiting.length <= MAX_BATCH ? this.#waiting : this.#waiting.slice(0, MAX_BATCH);
    this.#waiting = this.#waiting.length <= MAX_BATCH ? [] : this.#waiting.slice(MAX_BATCH);
    const decidedUnder = gate();
    const batch = this.#decide(taken, decidedUnder);
    if (batch.commands.length > 0) void this.#write(batch, decidedUnder);
    this.#schedule();
  }

  #decide(taken: readonly Waiting[], gate: Gate): Batch {
    const { state } = this.#options;
    // Later than every batch before, so that sorting by time tells what was decided in knowledge of what.
    this.#lastAcceptedAt = Math.max(Date.now(), this.#lastAcceptedAt + 1);
    const held = this.#held(gate, this.#lastAcceptedAt);
    const batch: Batch & { readonly commands: AcceptedCommand[] } = { commands: [], members: [] };
    for (const waiting of taken) {
      const decision = decide(waiting.intent, {
        ...held,
        firstResult: (intent) => state.firstResult(intent) ?? waiting.first,
      });
      if (decision.kind === "refused") {
        waiting.settle(decision);
        continue;
      }
      const { command, repeated } = decision;
      if (!repeated) {
        state.sequenced(command);
        batch.commands.push(command);
      }
      // A first one that is not logged yet may still be taken back, and its place given to another.
      const home = [batch, ...this.#underWay].find(({ commands }) => commands.includes(command));
      if (home) home.members.push({ waiting, command, repeated });
      else waiting.settle(decision);
    }
    return batch;
  }

  #held(gate: Gate, now: number): Omit<Held, "firstResult"> {
    const { state, lead } = this.#options;
    return {
      epoch: lead.epoch,
      gate,
      now,
      lastSeq: (stream) => state.lastSeq(stream),
      market: (stream) => state.market(stream)?.book.symbol,
      available: (accountId, asset) => state.ledger.available(accountId, asset),
      liveOrder: (stream, orderId) => state.orders.byId(stream, orderId),
      liveOrderByClientId: (accountId, clientOrderId) => state.orders.byClientId(accountId, clientOrderId),
      liveOrders: (accountId, stream) => state.orders.count(accountId, stream),
      lastPrice: (stream) => state.streams.get(stream)?.lastPrice ?? null,
    };
  }

  async #write(batch: Batch, gate: Gate): Promise<void> {
    const { log, onLogged, onFailed } = this.#options;
    this.#underWay.push(batch);
    const done = metrics.logSeconds.startTimer();
    metrics.batchSize.observe(batch.commands.length);
    try {
      const durability = await log.write(batch.commands, gate);
      done();
      if (this.#stopped) return;
      if (this.#takenBack.includes(batch)) throw new Error("a batch that was taken back is in the log");
      this.#underWay = this.#underWay.filter((other) => other !== batch);
      for (const { waiting, command, repeated } of batch.members)
        waiting.settle({ kind: "accepted", command, repeated });
      onLogged(batch.commands, durability);
      this.#schedule();
    } catch (error) {
      if (this.#stopped) return;
      const state = sqlStateOf(error);
      const refused = state === sqlState.decidedMeanwhile || state === sqlState.notContiguous;
      if (refused && this.#takenBack.includes(batch)) this.#answered(batch);
      else if (state === sqlState.decidedMeanwhile) this.#takeBack(batch);
      else
        onFailed(
          error instanceof ConnectionLost
            ? error
            : new Error(`the command log: ${(error as Error).message}`, { cause: error }),
        );
    }
  }

  /**
   * The gate was changed under a batch, which the log refused. It is taken back with every batch behind it, last first,
   * and decided again, under what the gate is now, once the log has answered each of them.
   */
  #takeBack(refused: Batch): void {
    const { state, readGate } = this.#options;
    this.#takenBack = this.#underWay;
    this.#underWay = [];
    for (const { commands } of [...this.#takenBack].reverse())
      for (const command of [...commands].reverse()) state.withdrawn(command);
    this.#readingGate = true;
    void readGate()
      .catch(() => undefined)
      .then(() => {
        this.#readingGate = false;
        this.#schedule();
      });
    this.#answered(refused);
  }

  #answered(batch: Batch): void {
    const others = this.#takenBack.filter((other) => other !== batch);
    this.#again.push(...batch.members.map(({ waiting }) => waiting));
    this.#takenBack = others;
    if (others.length > 0) return;
    this.#waiting = [...this.#again, ...this.#waiting];
    this.#again = [];
    this.#schedule();
  }
}
