import type { Knex } from "knex";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import type { EngineClient } from "../../kernel/engine-line/engine-client.ts";
import type { FromEngine } from "../../kernel/engine-line/messages.ts";
import type { Logger } from "../../kernel/log.ts";
import { OutcomeSequence } from "./outcome-sequence.ts";
import { OutcomeStore } from "./outcome-store.ts";

/** Why outcomes were read from the database instead of taken from the engine. */
export type RepairCause = "gap" | "reconnect";

export interface OutcomeFeedOptions {
  readonly db: Knex;
  readonly engine: EngineClient;
  readonly streams: readonly StreamId[];
  readonly log: Logger;
  /** Where each stream begins, told before its first outcome: everything after it is going to be handed on. */
  readonly onOpen: (positions: ReadonlyMap<StreamId, Seq>) => void;
  /** Every outcome of every stream, in its stream's order, once. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** The database lacks what it must hold. The feed is closed. */
  readonly onBroken: (because: string) => void;
  readonly onRepair: (cause: RepairCause, stream: StreamId) => void;
}

const PAGE = 500;
const RETRY_AFTER_MS = 200;

/** One stream while the feed is open. */
interface Lane {
  readonly stream: StreamId;
  readonly sequence: OutcomeSequence;
  /** The last outcome that the projection has and the engine will not send; null while all that is missing comes by itself. */
  repairUpTo: Seq | null;
  reading: boolean;
}

type Lanes = ReadonlyMap<StreamId, Lane>;

/**
 * The outcomes of a cell as they are applied: from the engine's line at once, and from the table `outcome` what a line
 * that ended left out. What is handed on is neither lost, nor doubled, nor out of order.
 */
export class OutcomeFeed {
  readonly #options: OutcomeFeedOptions;
  readonly #store: OutcomeStore;
  /** Null while closed. A new map at every opening, by which late answers to an earlier one are known. */
  #lanes: Lanes | null = null;
  #wanted = false;

  constructor(options: OutcomeFeedOptions) {
    this.#options = options;
    this.#store = new OutcomeStore(options.db);
    options.engine.on("open", () => this.#subscribe());
    options.engine.on("message", (message) => this.#received(message));
  }

  get isOpen(): boolean {
    return this.#lanes !== null;
  }

  /** From now on outcomes are followed: as soon as the engine can be reached, and whenever it can be again. */
  open(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#subscribe();
  }

  close(): void {
    this.#wanted = false;
    this.#lanes = null;
  }

  #subscribe(): void {
    if (!this.#wanted || !this.#options.engine.isOpen) return;
    const positions =
      this.#lanes &&
      Object.fromEntries([...this.#lanes].map(([stream, { sequence }]) => [stream, sequence.position]));
    this.#options.engine.send({ type: "subscribe", positions });
  }

  #received(message: FromEngine): void {
    if (!this.#wanted) return;
    if (message.type === "positions") this.#positioned(message.positions);
    if (message.type === "outcomes") this.#arrived(message.outcomes as Outcome[]);
  }

  /** The engine sends what is behind these positions: what is before them is in the projection. */
  #positioned(positions: Readonly<Record<StreamId, Seq>>): void {
    const { streams, onOpen } = this.#options;
    if (!this.#lanes) {
      const known = streams.flatMap((stream) => {
        const position = positions[stream];
        return position === undefined ? [] : [[stream, position] as const];
      });
      this.#lanes = new Map(known.map(([stream, position]) => [stream, newLane(stream, position)]));
      onOpen(new Map(known));
      return;
    }
    for (const lane of this.#lanes.values()) {
      const from = positions[lane.stream];
      if (from !== undefined && from > lane.sequence.position) this.#repair(lane, from, "reconnect");
    }
  }

  #arrived(outcomes: readonly Outcome[]): void {
    const lanes = this.#lanes;
    if (!lanes) return;
    for (const outcome of outcomes) {
      const lane = lanes.get(outcome.stream);
      if (lane) this.#handOn(lane, [outcome]);
    }
    // A line loses nothing: only what was held back behind a repair can have been too much to hold.
    for (const lane of lanes.values())
      if (lane.sequence.missing && lane.repairUpTo === null)
        this.#repair(lane, lane.sequence.firstHeld - 1, "gap");
  }

  #handOn(lane: Lane, arrived: readonly Outcome[]): void {
    for (const outcome of lane.sequence.take(arrived)) this.#options.onOutcome(outcome);
  }

  #repair(lane: Lane, upTo: Seq, cause: RepairCause): void {
    lane.repairUpTo = Math.max(lane.repairUpTo ?? 0, upTo);
    if (lane.reading) return;
    this.#options.onRepair(cause, lane.stream);
    lane.reading = true;
    void this.#read(lane).finally(() => {
      lane.reading = false;
    });
  }

  async #read(lane: Lane): Promise<void> {
    while (this.#isCurrent(lane) && lane.repairUpTo !== null && lane.sequence.position < lane.repairUpTo) {
      const before = lane.sequence.position;
      try {
        const applied = (await this.#store.applied([lane.stream])).get(lane.stream) ?? 0;
        const page = await this.#store.after(lane.stream, before, PAGE);
        if (!this.#isCurrent(lane)) return;
        this.#handOn(lane, page);
        if (lane.sequence.position === before && applied > before)
          return this.#broken(
            `stream ${lane.stream}: outcome ${before + 1} is missing, and the projection has come to ${applied}`,
          );
      } catch (error) {
        this.#options.log.warn({ err: error, stream: lane.stream }, "outcomes could not be read");
      }
      if (lane.sequence.position === before)
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
    lane.repairUpTo = null;
  }

  #broken(because: string): void {
    this.close();
    this.#options.onBroken(because);
  }

  #isCurrent(lane: Lane): boolean {
    return this.#lanes?.get(lane.stream) === lane;
  }
}

const newLane = (stream: StreamId, position: Seq): Lane => ({
  ...{ stream, sequence: new OutcomeSequence(position), repairUpTo: null, reading: false },
});
