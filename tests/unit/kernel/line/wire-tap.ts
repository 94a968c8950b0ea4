import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** TLS 1.2's record type for application data. */
const APPLICATION_DATA = 23;
const RECORD_HEADER_BYTES = 5;

/** Stands between a client and a server: records what passes, and can alter it or let nothing pass. */
export class WireTap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #toServer: Buffer[] = [];
  /** Flips a bit in each chunk that passes to the server. */
  tampers = false;
  #stalled = false;

  static async open(port: number): Promise<WireTap> {
    const tap = new WireTap(port);
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    return tap;
  }

  private constructor(port: number) {
    this.#server = createServer((client) => {
      const server = connect(port, "127.0.0.1");
      client.on("data", (chunk) => {
        this.#toServer.push(chunk);
        const last = chunk.length - 1;
        if (this.tampers) chunk.writeUInt8(chunk.readUInt8(last) ^ 1, last);
        if (!this.#stalled) server.write(chunk);
      });
      server.on("data", (chunk) => {
        if (!this.#stalled) client.write(chunk);
      });
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.setNoDelay(true);
        one.on("error", () => undefined);
        one.on("close", () => {
          if (!this.#stalled) other.destroy();
        });
      }
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What the client sent, as it was on the wire; since `forget`. */
  get toServer(): Buffer {
    return Buffer.concat(this.#toServer);
  }

  /** TLS records of application data in `toServer`. */
  get recordsToServer(): number {
    const bytes = this.toServer;
    let records = 0;
    for (let at = 0; at < bytes.length; at += RECORD_HEADER_BYTES + bytes.readUInt16BE(at + 3)) {
      if (bytes.readUInt8(at) === APPLICATION_DATA) records += 1;
    }
    return records;
  }

  forget(): void {
    this.#toServer = [];
  }

  /** Swallows everything from now on, both ways, as a network that is cut does. */
  stall(): void {
    this.#stalled = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
