import { createServer, type Server } from "node:http";
import type { CellConfig } from "@castle/services/kernel/config.ts";
import type { Express } from "express";

/** Above the accelerator's 340 s of idle time, so that it is never the gateway that drops an idle client first. */
const KEEP_ALIVE_MS = 350_000;
/** How long answers that are under way may take to leave before a demoted cell closes their connections too. */
const GRACE_MS = 150;

/** The gateway's traffic port. */
export class PublicServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(app: Express, config: CellConfig): Promise<PublicServer> {
    if (config.port === null) throw new Error("CASTLE_PORT is not set: the order gateway takes traffic");
    const server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true, maxHeaderSize: 8_192 },
      app,
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(config.port ?? 0, config.host, resolve);
    });
    return new PublicServer(server);
  }

  /** Sends every client away: established connections stay with a cell until somebody ends them. */
  disconnectClients(): void {
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), GRACE_MS).unref();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.disconnectClients();
    });
  }
}
