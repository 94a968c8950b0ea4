import type { Socket } from "node:net";
import type { ArrivalClock, Arrivals } from "./clock.ts";
import { DelayLine } from "./delay-line.ts";

/** What the wire does now; shared by all wires of a path, and changed while they run. */
export interface WireCondition {
  oneWayMs: number;
  /** Everything sent stays on the way. */
  stalled: boolean;
}

/** More than this on its way, and the sender waits, as it would for a full window. Bytes. */
const WINDOW = 4 * 1024 * 1024;

type Signal = "end" | "reset";

/** One direction of one connection: what `from` sends, ends included, reaches `to` a delay later and in order. */
export class Wire implements Arrivals {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #condition: WireCondition;
  readonly #clock: ArrivalClock;
  readonly #line = new DelayLine<Buffer | Signal>();
  /** Nothing passes before: the connection is still being made. Milliseconds of performance.now(). */
  readonly #openAt: number;
  #onTheWay = 0;
  #receiverFull = false;

  constructor(options: {
    from: Socket;
    to: Socket;
    condition: WireCondition;
    clock: ArrivalClock;
    openAt: number;
  }) {
    this.#from = options.from;
    this.#to = options.to;
    this.#condition = options.condition;
    this.#clock = options.clock;
    this.#openAt = options.openAt;
    this.#from.on("data", (chunk: Buffer) => this.#send(chunk));
    this.#from.on("end", () => this.#send("end"));
    this.#from.on("close", () => {
      if (!this.#from.readableEnded) this.#send("reset");
    });
    this.#to.on("drain", () => {
      this.#receiverFull = false;
      this.deliver(performance.now());
      this.#clock.arrange(this);
    });
    this.#to.on("close", () => this.#clock.remove(this));
    this.#clock.add(this);
  }

  get nextDueAt(): number | null {
    return this.#condition.stalled || this.#receiverFull ? null : this.#line.nextDueAt;
  }

  deliver(now: number): void {
    while (!this.#condition.stalled && !this.#receiverFull) {
      const next = this.#line.receive(now);
      if (next === undefined) break;
      this.#onTheWay -= size(next);
      this.#pass(next);
    }
    if (!this.#receiverFull && this.#onTheWay < WINDOW / 2 && this.#from.isPaused()) this.#from.resume();
  }

  #send(item: Buffer | Signal): void {
    const { oneWayMs, stalled } = this.#condition;
    // Without a delay no timer has a part in it, and so adds none.
    if (oneWayMs === 0 && !stalled && !this.#receiverFull && this.#line.isEmpty) this.#pass(item);
    else {
      this.#line.send(item, Math.max(performance.now(), this.#openAt), oneWayMs);
      this.#onTheWay += size(item);
      this.#clock.arrange(this);
    }
    if (this.#onTheWay >= WINDOW || (oneWayMs === 0 && this.#receiverFull)) this.#from.pause();
  }

  #pass(item: Buffer | Signal): void {
    if (item === "end") this.#to.end();
    else if (item === "reset") this.#to.resetAndDestroy();
    else if (this.#to.writable) this.#receiverFull = !this.#to.write(item);
  }
}

const size = (item: Buffer | Signal): number => (typeof item === "string" ? 0 : item.length);
