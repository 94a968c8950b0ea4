import { now } from "../clock.ts";
import type { ConnectionPool } from "../connection-pool.ts";
import type { Notebook } from "../notebook.ts";
import type { RecordWriter } from "../record-writer.ts";
import { conclude, type Reply } from "../reply.ts";
import { depthSnapshot, listenKeyRequest, type TraderAccount, type WireRequest } from "../requests.ts";
import { readListenKey } from "../told.ts";
import { readEvent, reportedFill, reportedOrder, type StreamEvent, toldDepth, toldTrade } from "./events.ts";
import { ReconnectingSocket } from "./reconnecting-socket.ts";

export interface ListenersOptions {
  /** Base address of the streams, such as `ws://127.0.0.1:8082`. */
  readonly stream: string;
  readonly symbols: readonly string[];
  /** Accounts whose user streams are listened to. */
  readonly accounts: readonly TraderAccount[];
  /** For snapshots and listen keys. */
  readonly pool: ConnectionPool;
  readonly writer: RecordWriter;
  readonly notebook: Notebook;
  readonly onProblem: (problem: Error) => void;
}

/** Listens to every market and to some accounts' user streams, and keeps everything told. */
export class Listeners {
  readonly #options: ListenersOptions;
  readonly #sockets: readonly ReconnectingSocket[];
  #connections = 0;

  constructor(options: ListenersOptions) {
    this.#options = options;
    this.#sockets = [
      ...options.symbols.map((symbol) => this.#depth(symbol)),
      ...options.symbols.map((symbol) => this.#trades(symbol)),
      ...options.accounts.map((account) => this.#user(account)),
    ];
  }

  /** Whether every stream is connected now. */
  get allOpen(): boolean {
    return this.#sockets.every((socket) => socket.open);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  /** As Binance asks: first the stream, then a snapshot of the book to apply it to. */
  #depth(symbol: string): ReconnectingSocket {
    let connection = 0;
    return this.#listen(
      async () => `${this.#options.stream}/ws/${symbol.toLowerCase()}@depth@100ms`,
      (event) => {
        if (event.e === "depthUpdate")
          this.#options.writer.write("depthEvents", toldDepth(event, now(), connection));
      },
      () => {
        connection = ++this.#connections;
        void this.#snapshot(symbol);
      },
    );
  }

  #trades(symbol: string): ReconnectingSocket {
    return this.#listen(
      async () => `${this.#options.stream}/ws/${symbol.toLowerCase()}@trade`,
      (event) => {
        if (event.e === "trade") this.#options.notebook.toldFill(toldTrade(event, now()));
      },
    );
  }

  #user(account: TraderAccount): ReconnectingSocket {
    const { notebook, stream } = this.#options;
    return this.#listen(
      async () => `${stream}/ws/${readListenKey(await this.#get(listenKeyRequest(account)))}`,
      (event) => {
        if (event.e !== "executionReport") return;
        notebook.toldOrder(reportedOrder(event, now(), account.accountId));
        const fill = reportedFill(event, now(), account.accountId);
        if (fill) notebook.toldFill(fill);
      },
    );
  }

  #listen(
    url: () => Promise<string>,
    onEvent: (event: StreamEvent) => void,
    onOpen?: () => void,
  ): ReconnectingSocket {
    return new ReconnectingSocket({
      url,
      onMessage: (text) => onEvent(readEvent(text)),
      onProblem: this.#options.onProblem,
      ...(onOpen ? { onOpen } : {}),
    });
  }

  async #snapshot(symbol: string): Promise<void> {
    try {
      this.#options.notebook.depth({ symbol }, await this.#get(depthSnapshot(symbol)));
    } catch {
      // The cell went away between stream and snapshot: the next connection takes another.
    }
  }

  async #get(request: WireRequest): Promise<Reply> {
    const conclusion = conclude(await this.#options.pool.send(() => request));
    if (conclusion.kind === "done") return conclusion.reply;
    throw new Error(`${request.method} ${request.path.split("?")[0]} was not answered: ${conclusion.kind}`);
  }
}
