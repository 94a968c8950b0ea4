import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { RoleView, RoleWatch } from "@castle/services/kernel/role/role-watch.ts";

/** Carries lines to the engine that leads, wherever that is, and breaks them off when a test says so. */
export class LineRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target = "";

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<LineRelay> {
    const server = createServer();
    const relay = new LineRelay(server);
    server.on("connection", (socket) => relay.#carry(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return relay;
  }

  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** What `roles` says, but that the engine that leads is to be reached over this relay. */
  before(roles: RoleWatch): RoleWatch {
    const relayed = (view: RoleView): RoleView => {
      if (view.role !== "active" || view.lead === null) return view;
      this.#target = view.lead.address;
      const { port } = this.#server.address() as AddressInfo;
      return { ...view, lead: { ...view.lead, address: `127.0.0.1:${port}` } };
    };
    return new Proxy(roles, {
      get: (watch, name) => {
        if (name === "current") return relayed(watch.current);
        const value: unknown = Reflect.get(watch, name, watch);
        return typeof value === "function" ? value.bind(watch) : value;
      },
    });
  }

  /** Breaks every line off, in the middle of whatever is on it. New ones are carried. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #carry(client: Socket): void {
    const [host, port] = this.#target.split(":");
    const server = connect(Number(port), host);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined); // its close says so too
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
