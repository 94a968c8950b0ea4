import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { type Outcome, outcomeChannel } from "@castle/services/kernel/domain/outcome.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import type { Redis } from "ioredis";
import type { Knex } from "knex";

const LOOK_EVERY_MS = 100;
const PRICE_KEPT_MS = 500;

interface Waiter {
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly since: number;
  readonly settle: (outcome: Outcome | null) => void;
}

const key = (stream: StreamId, seq: Seq): string => `${stream}:${seq}`;

/**
 * Tells what applying a command did, as soon as the engine has: from Redis for speed, from the table `outcome` for
 * truth when a message did not come.
 */
export class OutcomeFeed {
  readonly #db: Knex;
  readonly #log: Logger;
  readonly #waiting = new Map<string, Waiter[]>();
  /** Price of each stream's last trade, and when it was read (performance.now()). */
  readonly #lastPrice = new Map<StreamId, { readonly price: bigint | null; readonly at: number }>();
  readonly #timer: NodeJS.Timeout;
  readonly #subscriber: Redis;
  readonly #channels: readonly string[];
  #looking = false;

  constructor(options: { db: Knex; subscriber: Redis; streams: readonly StreamId[]; log: Logger }) {
    this.#db = options.db;
    this.#log = options.log;
    this.#subscriber = options.subscriber;
    this.#channels = options.streams.map(outcomeChannel);
    options.subscriber.on("message", (_channel: string, message: string) => this.#told(message));
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** Listens while the cell is active; a standby's clients wait for nothing. */
  listen(active: boolean): void {
    const changed = active
      ? this.#subscriber.subscribe(...this.#channels)
      : this.#subscriber.unsubscribe(...this.#channels);
    void changed.catch((error: Error) => {
      this.#log.warn({ err: error }, "no subscription to outcomes; reading them from the database");
    });
  }

  /** The outcome of (stream, seq); null when it did not come within `withinMs`. */
  outcome(stream: StreamId, seq: Seq, withinMs: number): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#drop(waiter);
        resolve(null);
      }, withinMs);
      const waiter: Waiter = {
        stream,
        seq,
        since: performance.now(),
        settle: (outcome) => {
          clearTimeout(late);
          resolve(outcome);
        },
      };
      this.#waiting.set(key(stream, seq), [...(this.#waiting.get(key(stream, seq)) ?? []), waiter]);
    });
  }

  /** The price of the stream's last trade: what a market order is budgeted by. Null when it never traded. */
  async lastPrice(symbol: string): Promise<bigint | null> {
    const known = this.#lastPrice.get(symbol);
    if (known && performance.now() - known.at < PRICE_KEPT_MS) return known.price;
    const { rows } = await this.#db.raw<{ rows: { price: string }[] }>(
      "select price from trade where symbol = ? order by trade_id desc limit 1",
      [symbol],
    );
    const price = rows[0] ? BigInt(rows[0].price) : null;
    this.#lastPrice.set(symbol, { price, at: performance.now() });
    return price;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const waiters of this.#waiting.values()) for (const waiter of waiters) waiter.settle(null);
    this.#waiting.clear();
  }

  #told(message: string): void {
    // Most orders are acknowledged without their match, and a standby waits for nothing: then it is not worth reading.
    if (this.#waiting.size === 0) return;
    for (const outcome of JSON.parse(message) as Outcome[]) this.#settle(outcome);
  }

  #settle(outcome: Outcome): void {
    const waiters = this.#waiting.get(key(outcome.stream, outcome.seq));
    if (!waiters) return;
    this.#waiting.delete(key(outcome.stream, outcome.seq));
    for (const waiter of waiters) waiter.settle(outcome);
  }

  #drop(waiter: Waiter): void {
    const at = key(waiter.stream, waiter.seq);
    const others = (this.#waiting.get(at) ?? []).filter((other) => other !== waiter);
    if (others.length > 0) this.#waiting.set(at, others);
    else this.#waiting.delete(at);
  }

  /** Reads what has been waited for longer than a message should take. */
  async #look(): Promise<void> {
    const before = performance.now() - LOOK_EVERY_MS;
    const overdue = [...this.#waiting.values()].flatMap((waiters) =>
      waiters.filter((w) => w.since < before).slice(0, 1),
    );
    if (overdue.length === 0 || this.#looking) return;
    this.#looking = true;
    try {
      const { rows } = await this.#db.raw<{ rows: { body: string }[] }>(
        "select body from outcome where (stream, seq) in (select * from unnest(?::text[], ?::bigint[]))",
        [overdue.map((w) => w.stream), overdue.map((w) => w.seq)],
      );
      for (const row of rows) this.#settle(JSON.parse(row.body) as Outcome);
    } catch (error) {
      this.#log.warn({ err: error }, "outcomes could not be read");
    } finally {
      this.#looking = false;
    }
  }
}
