import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import { type Outcome, outcomeChannel } from "../../kernel/domain/outcome.ts";
import type { Logger } from "../../kernel/log.ts";
import { OutcomeSequence } from "./outcome-sequence.ts";
import { OutcomeStore } from "./outcome-store.ts";

/** Why outcomes were read from the database instead of taken from Redis. */
export type RepairCause = "gap" | "reconnect" | "silence" | "unconfirmed";

export interface OutcomeFeedOptions {
  readonly db: Knex;
  /** In subscriber mode, and this feed's own. */
  readonly redis: Redis;
  readonly streams: readonly StreamId[];
  readonly log: Logger;
  /**
   * Whether a message may be believed as it comes. While the gate is closed Redis may still be the other cell's
   * replica, and bring what this cell's database has not committed: then a message only says that it is time to read.
   */
  readonly believable: () => boolean;
  /** Where each stream begins, told before its first outcome: everything after it is going to be handed on. */
  readonly onOpen: (positions: ReadonlyMap<StreamId, Seq>) => void;
  /** Every outcome of every stream, in its stream's order, once. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** The database contradicts what was told, or lacks what it must hold. The feed is closed. */
  readonly onBroken: (because: string) => void;
  readonly onRepair: (cause: RepairCause, stream: StreamId) => void;
  readonly pollEveryMs?: number;
}

const POLL_EVERY_MS = 500;
const PAGE = 500;

/** One stream while the feed is open. */
interface Lane {
  readonly stream: StreamId;
  readonly sequence: OutcomeSequence;
  /** The applied seq that the last poll saw. */
  seen: Seq;
  reading: boolean;
  /** Something arrived during the read that it may have missed. */
  again: boolean;
}

type Lanes = ReadonlyMap<StreamId, Lane>;

/**
 * The outcomes of a cell as they are committed: from Redis for speed, from the table `outcome` for whatever Redis
 * loses. A message may be lost, late, doubled or out of order; what is handed on is none of these.
 */
export class OutcomeFeed {
  readonly #options: OutcomeFeedOptions;
  readonly #store: OutcomeStore;
  readonly #channels: readonly string[];
  /** Null while closed. A new map at every opening, by which late answers to an earlier one are known. */
  #lanes: Lanes | null = null;
  /** The opening under way or last done; null once closed. */
  #opening: object | null = null;
  #polling: NodeJS.Timeout | null = null;

  constructor(options: OutcomeFeedOptions) {
    this.#options = options;
    this.#store = new OutcomeStore(options.db);
    this.#channels = options.streams.map(outcomeChannel);
    options.redis.on("message", (_channel: string, message: string) => this.#arrived(message));
    // Whatever was published while the connection was down is lost to it.
    options.redis.on("ready", () => this.#repairAll("reconnect"));
  }

  get isOpen(): boolean {
    return this.#lanes !== null;
  }

  /** Begins behind what the database has applied by now; does nothing more when closed meanwhile. Rejects as the database does. */
  async open(): Promise<void> {
    const { redis, streams, log, onOpen, pollEveryMs = POLL_EVERY_MS } = this.#options;
    this.close();
    const opening = {};
    this.#opening = opening;
    const positions = await this.#store.applied(streams);
    if (this.#opening !== opening) return;
    const lanes: Lanes = new Map(
      [...positions].map(([stream, position]) => [stream, newLane(stream, position)]),
    );
    this.#lanes = lanes;
    onOpen(positions);
    redis.subscribe(...this.#channels).catch((error: Error) => {
      log.warn({ err: error }, "no subscription to outcomes; reading them from the database");
    });
    this.#polling = setTimeout(() => void this.#poll(lanes, pollEveryMs), pollEveryMs);
  }

  close(): void {
    this.#opening = null;
    if (!this.#lanes) return;
    this.#lanes = null;
    if (this.#polling) clearTimeout(this.#polling);
    this.#options.redis.unsubscribe(...this.#channels).catch(() => undefined); // gone with its connection: as wanted
  }

  #arrived(message: string): void {
    const outcomes = JSON.parse(message) as Outcome[];
    const lane = outcomes[0] && this.#lanes?.get(outcomes[0].stream);
    if (!lane) return;
    const believable = this.#options.believable();
    if (believable) this.#handOn(lane, outcomes);
    if (!believable) this.#repair(lane, "unconfirmed");
    else if (lane.sequence.missing) this.#repair(lane, "gap");
  }

  #handOn(lane: Lane, arrived: readonly Outcome[]): void {
    for (const outcome of lane.sequence.take(arrived)) this.#options.onOutcome(outcome);
  }

  #repairAll(cause: RepairCause): void {
    for (const lane of this.#lanes?.values() ?? []) this.#repair(lane, cause);
  }

  #repair(lane: Lane, cause: RepairCause): void {
    lane.again = true;
    if (lane.reading) return;
    this.#options.onRepair(cause, lane.stream);
    lane.reading = true;
    void this.#readUntilCurrent(lane)
      .catch((error: Error) => {
        // The next poll tries again; if the database is gone, the role watch closes everything.
        this.#options.log.warn({ err: error, stream: lane.stream }, "outcomes could not be read");
      })
      .finally(() => {
        lane.reading = false;
      });
  }

  async #readUntilCurrent(lane: Lane): Promise<void> {
    while (lane.again) {
      lane.again = false;
      const { missing } = lane.sequence;
      const before = lane.sequence.position;
      await this.#readPages(lane);
      if (!this.#isCurrent(lane)) return;
      // What arrived was committed, so a read that began after it must have found everything up to it.
      if (missing && lane.sequence.missing && lane.sequence.position === before)
        return this.#broken(
          `stream ${lane.stream}: the database has no outcome ${before + 1}, and later ones exist`,
        );
    }
  }

  async #readPages(lane: Lane): Promise<void> {
    for (;;) {
      const page = await this.#store.after(lane.stream, lane.sequence.position, PAGE);
      if (!this.#isCurrent(lane)) return;
      this.#handOn(lane, page);
      if (page.length < PAGE) return;
    }
  }

  /** Finds what no message told: after a silence of Redis, however it came about. */
  async #poll(lanes: Lanes, everyMs: number): Promise<void> {
    const told = new Map([...lanes.values()].map((lane) => [lane.stream, lane.sequence.position]));
    try {
      const applied = await this.#store.applied(this.#options.streams);
      if (this.#lanes !== lanes) return;
      for (const lane of lanes.values())
        if (!this.#compare(lane, told.get(lane.stream) ?? 0, applied.get(lane.stream) ?? 0)) return;
    } catch (error) {
      this.#options.log.warn({ err: error }, "the applied positions could not be read");
    }
    if (this.#lanes === lanes) this.#polling = setTimeout(() => void this.#poll(lanes, everyMs), everyMs);
  }

  /** @returns false when the feed is broken */
  #compare(lane: Lane, told: Seq, applied: Seq): boolean {
    if (applied < told) {
      this.#broken(`stream ${lane.stream}: told up to ${told}, and the database has applied ${applied}`);
      return false;
    }
    // A message may be on its way for what was applied just now; not for what an earlier poll saw.
    const due = this.#options.redis.status === "ready" ? lane.seen : applied;
    if (lane.sequence.position < due) this.#repair(lane, "silence");
    lane.seen = applied;
    return true;
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
  stream,
  sequence: new OutcomeSequence(position),
  seen: position,
  reading: false,
  again: false,
});
