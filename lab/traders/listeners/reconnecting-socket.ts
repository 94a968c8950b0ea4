import { WebSocket } from "ws";

export interface ReconnectingSocketOptions {
  /** Where to connect; asked for again at each attempt, for a listen key may have to be fetched first. */
  readonly url: () => Promise<string>;
  readonly onOpen?: () => void;
  readonly onMessage: (text: string) => void;
  /** Called when somebody else's fault keeps a message from being understood. The connection stays. */
  readonly onProblem: (problem: Error) => void;
}

const FIRST_BACKOFF_MS = 50;
const MOST_BACKOFF_MS = 250;
const HANDSHAKE_MS = 2_000;
/** A connection that says nothing for this long is asked whether it is there, and given up if it does not answer. */
const SILENCE_MS = 2_000;

/** A WebSocket that comes back by itself, to whichever cell the edge leads to then. */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  readonly #watch: NodeJS.Timeout;
  #socket: WebSocket | null = null;
  #again: NodeJS.Timeout | null = null;
  #failures = 0;
  #heard = true;
  #closed = false;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#listen(), SILENCE_MS);
    void this.#connect();
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    if (this.#again) clearTimeout(this.#again);
    this.#socket?.terminate();
  }

  async #connect(): Promise<void> {
    let url: string;
    try {
      url = await this.#options.url();
    } catch {
      this.#retry();
      return;
    }
    if (this.#closed) return;
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
    this.#socket = socket;
    this.#heard = true;
    socket.on("open", () => {
      this.#failures = 0;
      this.#options.onOpen?.();
    });
    socket.on("message", (data) => {
      this.#heard = true;
      if (this.#closed) return;
      try {
        this.#options.onMessage(String(data));
      } catch (error) {
        this.#options.onProblem(
          new Error(`a stream sent something unreadable: ${String(data).slice(0, 200)}`, { cause: error }),
        );
      }
    });
    socket.on("pong", () => {
      this.#heard = true;
    });
    // "close" follows every error; an error without a listener would end the process.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#socket === socket) this.#retry();
    });
  }

  #retry(): void {
    if (this.#closed) return;
    this.#socket = null;
    const most = Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#again = setTimeout(() => void this.#connect(), most / 2 + (most / 2) * Math.random());
  }

  #listen(): void {
    if (!this.open) return;
    if (!this.#heard) {
      // Frozen, or cut off: nothing would ever come, and no end either.
      this.#socket?.terminate();
      return;
    }
    this.#heard = false;
    this.#socket?.ping();
  }
}
