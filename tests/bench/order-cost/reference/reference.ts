import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { nodeEnvironment } from "@castle/lab/environment.ts";
import { Network } from "@castle/lab/network/network.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { postgresPrograms } from "@castle/lab/servers/binaries.ts";
import { PostgresServer } from "@castle/lab/servers/postgres.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import type { TraderAccount } from "@castle/lab/traders/requests.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import type { EndpointOptions } from "./messages.ts";

const ENTRY = fileURLToPath(new URL("main.ts", import.meta.url));
const DATABASE = "postgres";

interface Parts {
  readonly near: PostgresServer;
  readonly far: PostgresServer;
  readonly link: Network;
  /** Where the link listens for the far server's clients. */
  readonly linkPort: number;
  readonly apiPort: number;
}

/**
 * The least that an acknowledgement costs which stands in two places: one process that checks signatures and commits
 * batches, a PostgreSQL server beside it and one behind the lab's link, with the lab's settings. Nothing is decided,
 * matched, replicated or published. All of it belongs to this process and ends with it, however that ends.
 */
export class Reference implements AsyncDisposable {
  /** Base address of its trading API. */
  readonly api: string;
  readonly accounts: readonly TraderAccount[];
  readonly folder: string;
  readonly near: PostgresServer;
  readonly far: PostgresServer;
  readonly link: Network;
  readonly #host: Host;
  readonly #ports: PortBlock;
  readonly #parts: Parts;
  #endpoint: ChildProcess | null = null;
  #failure: Promise<never> | null = null;

  private constructor(host: Host, ports: PortBlock, parts: Parts, accounts: readonly TraderAccount[]) {
    this.#host = host;
    this.#ports = ports;
    this.#parts = parts;
    this.near = parts.near;
    this.far = parts.far;
    this.link = parts.link;
    this.folder = host.folder;
    this.api = `http://127.0.0.1:${parts.apiPort}`;
    this.accounts = accounts;
  }

  /** Resolves when it takes orders. @throws ServerMissing, or Error naming what did not start */
  static async up(options: { readonly accounts: number; readonly roundTripMs: number }): Promise<Reference> {
    const ports = await PortBlock.claim();
    const host = new Host();
    try {
      const parts = await assemble(host, ports, options.roundTripMs);
      const reference = new Reference(host, ports, parts, randomAccounts(options.accounts));
      await Promise.all([
        ...[parts.near, parts.far].map((server) => server.create().then(() => server.start())),
        parts.link.start(),
      ]);
      await reference.#startEndpoint();
      return reference;
    } catch (error) {
      await host.close();
      await ports.release();
      throw error;
    }
  }

  /** Rejects when the endpoint ends by itself; never resolves. */
  get failure(): Promise<never> {
    if (!this.#failure) throw new Error("the reference endpoint was not started");
    return this.#failure;
  }

  processNames(): Map<number, string> {
    const named: [number | null | undefined, string][] = [
      [this.#endpoint?.pid, "endpoint"],
      [this.near.daemon.pid, "near database"],
      [this.far.daemon.pid, "far database"],
      [this.link.daemon.pid, "link"],
    ];
    return new Map(named.flatMap(([pid, name]) => (typeof pid === "number" ? [[pid, name]] : [])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.letGo();
    await this.#host.close();
    await this.#ports.release();
  }

  async #startEndpoint(): Promise<void> {
    const log = `${this.folder}/endpoint.log`;
    const endpoint = this.#host.spawn({
      ...{ command: process.execPath, args: [ENTRY], env: nodeEnvironment, ipc: true, log },
    });
    this.#endpoint = endpoint;
    this.#failure = once(endpoint, "exit").then(([code, signal]) => {
      throw new Error(`the reference endpoint ended with ${code ?? signal}; see ${log}`);
    });
    this.#failure.catch(() => undefined); // its end is also what closing brings about
    const options: EndpointOptions = {
      ...{ port: this.#parts.apiPort, accounts: this.accounts, nearUrl: this.near.url(DATABASE) },
      farUrl: through(this.#parts.linkPort, this.far.url(DATABASE)),
    };
    endpoint.send(options);
    await Promise.race([once(endpoint, "message"), this.#failure]);
  }
}

async function assemble(host: Host, ports: PortBlock, roundTripMs: number): Promise<Parts> {
  const [linkPort, apiPort] = [await ports.take(), await ports.take()];
  const programs = postgresPrograms();
  const access = createPostgresAccess(host);
  const server = async (name: string): Promise<PostgresServer> => {
    const folder = host.subfolder(name);
    host.ownedByServers(folder);
    const log = `${host.folder}/${name}.log`;
    return new PostgresServer({ host, programs, access, name, folder, log, port: await ports.take() });
  };
  const [near, far] = [await server("near"), await server("far")];
  const link = new Network({
    ...{ host, roundTripMs, log: `${host.folder}/link.log`, env: nodeEnvironment },
    paths: [
      {
        channel: "journal",
        ...{ from: homeRegion, to: peerRegion, listenPort: linkPort, targetPort: far.port },
      },
    ],
    // Traders reach the endpoint directly.
    edge: { listeners: [], targets: [], nearestFirst: [homeRegion, peerRegion], intervalMs: 1_000 },
  });
  return { near, far, link, linkPort, apiPort };
}

/** The server's address with the link's port in it. */
function through(port: number, url: string): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}

const randomAccounts = (count: number): TraderAccount[] =>
  Array.from({ length: count }, (_, index) => ({
    accountId: index + 1,
    apiKey: randomBytes(32).toString("hex"),
    secret: randomBytes(32).toString("hex"),
  }));
