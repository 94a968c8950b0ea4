import { peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import type { RedisServer } from "../servers/redis.ts";
import type { CellConditions } from "./conditions.ts";
import type { PerCell } from "./per-cell.ts";
import { Settling } from "./settling.ts";

export interface GlobalDatastoreOptions {
  readonly servers: PerCell<RedisServer>;
  readonly primary: RegionName;
  readonly conditions: CellConditions;
  readonly note: (line: string) => void;
}

/** The two cells' caches as one ElastiCache global datastore: a primary, and a secondary that follows it. */
export class GlobalDatastore {
  readonly #options: GlobalDatastoreOptions;
  readonly #members: Settling;
  #primary: RegionName;

  constructor(options: GlobalDatastoreOptions) {
    this.#options = options;
    this.#primary = options.primary;
    this.#members = new Settling(
      (region) => this.#settle(region),
      (region, error) => options.note(`${region}: the cache did not rejoin, trying again: ${String(error)}`),
    );
  }

  get primary(): RegionName {
    return this.#primary;
  }

  server(region: RegionName): RedisServer {
    return this.#options.servers.in(region);
  }

  /** @throws Error when the cache in `to` was not promoted: the roles are what they were */
  failover(to: RegionName): Promise<void> {
    return this.#members.take(to, async () => {
      if (to === this.#primary) return;
      const server = this.server(to);
      try {
        await server.promote();
      } catch (error) {
        const found = await server.replication().catch(() => null);
        server.replicates = found?.role !== "master";
        if (server.replicates) throw error;
      }
      this.#primary = to;
      // One that is out of reach goes on as a primary of its own, until it is settled when it is back.
      if (this.#options.conditions.carries("redis")) this.settleLater(peerOf(to), 0);
    });
  }

  /** Brings the region's cache to what it should be, starting it if need be. Nothing while its region is not up. */
  settle(region: RegionName): Promise<void> {
    return this.#members.now(region);
  }

  /** The same after a while, and again until it succeeds. */
  settleLater(region: RegionName, afterMs: number): void {
    this.#members.later(region, afterMs);
  }

  /** Nothing is begun any more by itself. */
  close(): void {
    this.#members.close();
  }

  async #settle(region: RegionName): Promise<void> {
    if (!this.#options.conditions.runs(region)) return;
    const server = this.server(region);
    server.replicates = region !== this.#primary;
    if (server.daemon.state === "stopped") return server.start();
    const { role } = await server.replication();
    if (server.replicates && role === "master") await server.demote();
    if (!server.replicates && role === "slave") await server.promote();
  }
}
