import type { TLSSocket } from "node:tls";
import { describeSocketError } from "./close-reasons.ts";
import { encodeFrames, FrameParser, HEADER_BYTES, HEARTBEAT } from "./frames.ts";
import type { LineLimits } from "./limits.ts";

/** Who is at the other end, as it named itself under the cell's key. */
export interface LinePeer {
  readonly service: string;
  readonly instance: string;
}

export interface LineHandlers {
  /** In the order they were sent. What it throws is a defect of the handler's and ends the process: parse inside. */
  onMessage(message: string): void;
  /** Once, with the first cause, in words a person understands; never from within `send` or `close`. */
  onClose(because: string): void;
}

/**
 * One standing connection: framed text messages both ways, in order. What one end sent before it closed may be lost:
 * only an answer proves that a message arrived.
 */
export class Line {
  readonly peer: LinePeer;
  readonly #socket: TLSSocket;
  readonly #limits: LineLimits;
  readonly #parser: FrameParser;
  readonly #heartbeat: NodeJS.Timeout;
  #handlers: LineHandlers | null = null;
  #onClosed: () => void = () => undefined;
  #closedBecause: string | null = null;

  #queue: string[] = [];
  #queuedBytes = 0;
  #lastSentAt = performance.now();
  #lastHeardAt = performance.now();
  /** How often a heartbeat of this end was due since the other end was last heard. */
  #quietBeats = 0;

  /** @param socket already authenticated as `peer` */
  constructor(socket: TLSSocket, peer: LinePeer, limits: LineLimits) {
    this.peer = peer;
    this.#socket = socket;
    this.#limits = limits;
    this.#parser = new FrameParser(limits.maxFrameBytes, {
      onMessage: (message) => this.#handlers?.onMessage(message),
      onInvalid: (because) => this.close(because),
    });
    socket.on("error", (error) => this.close(describeSocketError(error)));
    socket.on("end", () => this.close("the other end closed the connection"));
    socket.on("close", () => this.close("the connection closed"));
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs);
  }

  /** Begins to deliver; once. `onClosed` is called at once when the line closes, before `handlers.onClose`. */
  open(handlers: LineHandlers, onClosed: () => void = () => undefined): void {
    this.#handlers = handlers;
    this.#onClosed = onClosed;
    if (this.#closedBecause !== null) this.#reportClosed(this.#closedBecause);
    else {
      this.#socket.on("data", (chunk: Buffer) => {
        this.#lastHeardAt = performance.now();
        this.#quietBeats = 0;
        this.#parser.push(chunk);
      });
    }
  }

  /** Queues a message; what is queued within `gatherMs` of the first leaves in one write. No-op once closed. */
  send(message: string): void {
    if (this.closed) return;
    const bytes = Buffer.byteLength(message);
    if (bytes === 0) throw new RangeError("an empty message cannot be sent: an empty frame is a heartbeat");
    if (bytes > this.#limits.maxFrameBytes) {
      this.close(
        `a message of ${bytes} bytes was to be sent, at most ${this.#limits.maxFrameBytes} are allowed`,
      );
      return;
    }
    if (this.bytesBehind > this.#limits.maxBytesBehind) {
      this.close(`the other end does not read: ${this.bytesBehind} bytes wait for it`);
      return;
    }
    if (this.#queue.length === 0) this.#schedule();
    this.#queue.push(message);
    this.#queuedBytes += HEADER_BYTES + bytes;
  }

  /** Bytes queued here that the other end's system has not taken yet. */
  get bytesBehind(): number {
    return this.#queuedBytes + this.#socket.writableLength;
  }

  /** Milliseconds since the other end was last heard, heartbeats included. @param now of `performance.now()` */
  silentForMs(now: number = performance.now()): number {
    return Math.max(0, now - this.#lastHeardAt);
  }

  get closed(): boolean {
    return this.#closedBecause !== null;
  }

  /** Closes at once: what is queued is dropped. `because` is passed to `onClose`. */
  close(because: string): void {
    if (this.closed) return;
    this.#closedBecause = because;
    clearInterval(this.#heartbeat);
    this.#parser.stop();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#socket.destroy();
    this.#reportClosed(because);
  }

  #schedule(): void {
    const { gatherMs } = this.#limits;
    if (gatherMs > 0) setTimeout(() => this.#flush(), gatherMs);
    // After whatever else can be read in this turn, which may queue more: a microtask would write once a callback.
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.closed) return;
    const frames = encodeFrames(this.#queue, this.#queuedBytes);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#write(frames);
  }

  #write(frames: Buffer): void {
    this.#lastSentAt = performance.now();
    this.#socket.write(frames);
  }

  #beat(): void {
    const now = performance.now();
    // What waits already shows that this end lives, as soon as the other takes it.
    if (now - this.#lastSentAt >= this.#limits.heartbeatMs / 2 && this.bytesBehind === 0)
      this.#write(HEARTBEAT);
    this.#watchSilence();
  }

  /**
   * Counts in beats of this process, not by the clock: one that was frozen, or had no CPU, wakes with its timers due
   * before it has read what arrived meanwhile, and often together with the other end. Time in which it could not have
   * heard anything is one beat, however long; and what is readable at the last one is read first.
   */
  #watchSilence(): void {
    const { heartbeatMs, silentMs } = this.#limits;
    this.#quietBeats += 1;
    if (this.#quietBeats <= silentMs / heartbeatMs) return;
    setImmediate(() => {
      if (this.#quietBeats > 0) this.close(`nothing was heard for ${Math.round(this.silentForMs())} ms`);
    });
  }

  #reportClosed(because: string): void {
    const handlers = this.#handlers;
    if (handlers === null) return;
    this.#onClosed();
    // Not at once: who sends to many lines does not expect one of them to call back meanwhile.
    process.nextTick(() => handlers.onClose(because));
  }
}
