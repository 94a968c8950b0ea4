import { once } from "node:events";
import { WebSocket } from "ws";

const DEADLINE_MS = 60_000;

export type Message = Record<string, unknown>;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A trader's WebSocket that keeps everything it was told. */
export class StreamClient {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  /** How the connection ended; null while it has not. */
  closed: Closed | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => this.messages.push(JSON.parse(String(data))));
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on("error", () => undefined); // "close" says what there is to say
  }

  static async connect(url: string): Promise<StreamClient> {
    const client = new StreamClient(new WebSocket(url));
    await once(client.socket, "open");
    return client;
  }

  /** What the server answers in HTTP to a connection it does not take. */
  static async refused(url: string): Promise<{ status: number; body: Message }> {
    const socket = new WebSocket(url);
    socket.on("error", () => undefined);
    const [request, response] = await once(socket, "unexpected-response");
    let text = "";
    for await (const chunk of response) text += chunk;
    request.destroy();
    return { status: response.statusCode, body: JSON.parse(text) };
  }

  ask(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Waits until what came so far fulfils a condition. @throws Error with the last messages, after 8 s */
  async until(what: string, holds: (messages: Message[]) => boolean): Promise<Message[]> {
    await this.#wait(what, "message", () => holds(this.messages));
    return this.messages;
  }

  async untilClosed(): Promise<Closed> {
    await this.#wait("the connection is closed", "close", () => this.closed !== null);
    return this.closed ?? { code: 0, reason: "" };
  }

  end(): void {
    this.socket.terminate();
  }

  async #wait(what: string, event: "message" | "close", holds: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      while (!holds()) await once(this.socket, event, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      const last = JSON.stringify(this.messages.slice(-5));
      throw new Error(
        `waited ${DEADLINE_MS} ms in vain until ${what}; last of ${this.messages.length}: ${last}`,
      );
    }
  }
}

/** The field of every message that has it, in order. */
export const each = (messages: readonly Message[], field: string): unknown[] =>
  messages.filter((message) => field in message).map((message) => message[field]);
