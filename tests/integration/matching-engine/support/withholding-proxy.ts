import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** The first bytes that the client sent: PostgreSQL's start-up message, in which its application_name stands. */
  greeting: string;
}

/**
 * A TCP path to a database on which answers can be held back, and which can be cut, connection by connection as their
 * names say: so that an answer is lost for sure.
 */
export class WithholdingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #withheld: string | null = null;
  #refused: string | null = null;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @returns the proxy, and the same database's URL through it. */
  static async beforeDatabase(
    databaseUrl: string,
  ): Promise<{ proxy: WithholdingProxy; databaseUrl: string }> {
    const url = new URL(databaseUrl);
    const target = Number(url.port);
    // Half open: even the answer to a client's goodbye can be held back.
    const server = createServer({ allowHalfOpen: true });
    const proxy = new WithholdingProxy(server);
    server.on("connection", (client) =>
      proxy.#join({ client, server: connect(target, "127.0.0.1"), greeting: "" }),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url.port = String((server.address() as AddressInfo).port);
    return { proxy, databaseUrl: url.href };
  }

  /** From now on what connections of that name ask arrives, and nothing comes back. */
  withhold(name: string): void {
    this.#withheld = name;
  }

  /** Ends every connection of that name, and refuses new ones until `allow`. */
  refuse(name: string): void {
    this.#refused = name;
    this.#cut(name);
  }

  allow(): void {
    this.#refused = null;
  }

  /** Ends every connection of that name; new ones work, and are answered. */
  cut(name: string): void {
    this.#withheld = null;
    this.#cut(name);
  }

  async close(): Promise<void> {
    this.cut("");
    this.#server.close();
    await once(this.#server, "close");
  }

  #cut(name: string): void {
    for (const pair of this.#pairs)
      if (pair.greeting.includes(name)) for (const socket of [pair.client, pair.server]) socket.destroy();
  }

  #isHeld({ greeting }: Pair): boolean {
    return this.#withheld !== null && greeting.includes(this.#withheld);
  }

  #join(pair: Pair): void {
    const { client, server } = pair;
    this.#pairs.add(pair);
    client.on("data", (bytes) => {
      if (pair.greeting === "") pair.greeting = bytes.toString("latin1");
      if (this.#refused !== null && pair.greeting.includes(this.#refused)) client.destroy();
      else server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (!this.#isHeld(pair)) client.write(bytes);
    });
    for (const socket of [client, server]) socket.on("error", () => undefined); // its close says so too
    client.on("end", () => {
      server.end();
      if (!this.#isHeld(pair)) client.end();
    });
    client.on("close", () => {
      this.#pairs.delete(pair);
      server.destroy();
    });
    // Not even an end is told while answers are held back.
    server.on("close", () => {
      if (!this.#isHeld(pair)) client.destroy();
    });
  }
}
