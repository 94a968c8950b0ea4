import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP path to a server on which answers can be held back, and which can be cut: so that an answer is lost for sure. */
export class WithholdingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #withholding = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  private static async before(port: number): Promise<WithholdingProxy> {
    // Half open: even the answer to a client's goodbye can be held back.
    const server = createServer({ allowHalfOpen: true });
    const proxy = new WithholdingProxy(server);
    server.on("connection", (client) => proxy.#join(client, connect(port, "127.0.0.1")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  /** @returns the proxy, and the same database's URL through it. */
  static async beforeDatabase(
    databaseUrl: string,
  ): Promise<{ proxy: WithholdingProxy; databaseUrl: string }> {
    const url = new URL(databaseUrl);
    const proxy = await WithholdingProxy.before(Number(url.port));
    url.port = String((proxy.#server.address() as AddressInfo).port);
    return { proxy, databaseUrl: url.href };
  }

  /** From now on requests arrive, and nothing comes back. */
  withhold(): void {
    this.#withholding = true;
  }

  /** Ends every connection; new ones work. */
  cut(): void {
    this.#withholding = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => {
      if (!this.#withholding) client.write(bytes);
    });
    for (const socket of pair) socket.on("error", () => undefined); // its close says so too
    client.on("end", () => {
      server.end();
      if (!this.#withholding) client.end();
    });
    client.on("close", () => {
      this.#pairs.delete(pair);
      server.destroy();
    });
    // Not even an end is told while answers are held back.
    server.on("close", () => {
      if (!this.#withholding) client.destroy();
    });
  }
}
