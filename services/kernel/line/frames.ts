/** Bytes before each message: its length, big-endian. */
export const HEADER_BYTES = 4;

/** A frame of length 0 carries no message. */
export const HEARTBEAT: Buffer = Buffer.alloc(HEADER_BYTES);

/** @param bytes of all frames together: what each message takes in UTF-8, and `HEADER_BYTES` for each */
export function encodeFrames(messages: readonly string[], bytes: number): Buffer {
  const frames = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const message of messages) {
    const length = frames.write(message, at + HEADER_BYTES);
    frames.writeUInt32BE(length, at);
    at += HEADER_BYTES + length;
  }
  return frames;
}

export interface FrameHandlers {
  /** Called for each message, in order; heartbeats are left out. */
  onMessage(message: string): void;
  /** The bytes cannot be a frame of this protocol: nothing that follows can be understood. Called at most once. */
  onInvalid(because: string): void;
}

/**
 * Cuts a stream of bytes into messages, however it arrives. A frame that lies whole in one chunk is decoded in place;
 * one that does not is copied into a buffer of its final size, so each byte is copied at most once.
 */
export class FrameParser {
  readonly #maxFrameBytes: number;
  readonly #handlers: FrameHandlers;
  #headerBytes = 0;
  #length = 0;
  /** The beginning of a frame whose end has not arrived. */
  #body: Buffer | null = null;
  #bodyBytes = 0;
  #stopped = false;

  constructor(maxFrameBytes: number, handlers: FrameHandlers) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#handlers = handlers;
  }

  /** Nothing is delivered any more, not even from the chunk that is being read. */
  stop(): void {
    this.#stopped = true;
    this.#body = null;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#stopped) {
      at += this.#headerBytes < HEADER_BYTES ? this.#readHeader(chunk, at) : this.#readBody(chunk, at);
    }
  }

  /** @returns how many bytes were read */
  #readHeader(chunk: Buffer, at: number): number {
    const whole = this.#headerBytes === 0 && chunk.length - at >= HEADER_BYTES;
    if (whole) this.#length = chunk.readUInt32BE(at);
    else this.#length = ((this.#length << 8) | chunk.readUInt8(at)) >>> 0;
    const read = whole ? HEADER_BYTES : 1;
    this.#headerBytes += read;

    if (this.#headerBytes === HEADER_BYTES) {
      if (this.#length === 0) this.#headerBytes = 0;
      else if (this.#length > this.#maxFrameBytes) this.#refuse();
    }
    return read;
  }

  /** @returns how many bytes were read */
  #readBody(chunk: Buffer, at: number): number {
    const missing = this.#length - this.#bodyBytes;
    const read = Math.min(missing, chunk.length - at);
    if (this.#body === null && read === missing) {
      this.#deliver(chunk, at);
      return read;
    }
    this.#body ??= Buffer.allocUnsafe(this.#length);
    chunk.copy(this.#body, this.#bodyBytes, at, at + read);
    this.#bodyBytes += read;
    if (read === missing) this.#deliver(this.#body, 0);
    return read;
  }

  #deliver(bytes: Buffer, from: number): void {
    const message = bytes.toString("utf8", from, from + this.#length);
    this.#headerBytes = 0;
    this.#body = null;
    this.#bodyBytes = 0;
    this.#handlers.onMessage(message);
  }

  #refuse(): void {
    this.stop();
    this.#handlers.onInvalid(
      `a frame of ${this.#length} bytes was announced, at most ${this.#maxFrameBytes} are allowed`,
    );
  }
}
