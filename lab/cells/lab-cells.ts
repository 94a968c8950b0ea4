import { type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import type {
  CacheMember,
  ControlledCells,
  ControlPlaneRegion,
  DatabaseMember,
  EndpointGroup,
  EndpointGroupChange,
  EndpointState,
  MemberStatus,
} from "../aws/cells.ts";
import type { Network } from "../network/network.ts";
import type { Daemon } from "../processes/daemon.ts";
import type { LabRegion } from "../region.ts";
import { CacheProbe } from "./cache-probe.ts";
import { DatabaseProbe, lagOf } from "./database-probe.ts";
import type { GlobalDatabase } from "./global-database.ts";
import type { GlobalDatastore } from "./global-datastore.ts";
import { PerCell } from "./per-cell.ts";

export interface LabCellsOptions {
  readonly regions: PerCell<LabRegion>;
  readonly database: GlobalDatabase;
  readonly datastore: GlobalDatastore;
  readonly network: Network;
  readonly versions: { readonly postgres: string; readonly redis: string };
}

/** The lab's real processes, as its AWS control plane sees and changes them. */
export class LabCells implements ControlledCells {
  readonly #options: LabCellsOptions;
  readonly #databases: PerCell<DatabaseProbe>;
  readonly #caches: PerCell<CacheProbe>;

  constructor(options: LabCellsOptions) {
    this.#options = options;
    const { database, datastore } = options;
    this.#databases = PerCell.make((region) => {
      const server = database.server(region);
      return new DatabaseProbe(server, () => this.#answering(region, server.daemon));
    });
    this.#caches = PerCell.make((region) => {
      const server = datastore.server(region);
      return new CacheProbe(server, () => this.#answering(region, server.daemon));
    });
  }

  /** Lets go of the connections that it asks over. */
  close(): void {
    for (const probe of [...this.#databases.all, ...this.#caches.all]) probe.close();
  }

  endpointState(region: ControlPlaneRegion): EndpointState {
    // Neither region is ever lost: the witness's, and the one that only holds the accelerator's control plane.
    if (region === "us-west-2" || region === witnessRegion) return "answers";
    switch (this.#options.regions.in(region).state) {
      case "up":
        return "answers";
      case "down":
        return "refuses";
      case "frozen":
        return "silent";
    }
  }

  async databaseMembers(): Promise<readonly DatabaseMember[]> {
    const { regions, database } = this.#options;
    const { vitals } = await this.#databases.in(database.writer).read();
    return Promise.all(
      regions.all.map(({ name }) => this.#databaseMember(name, database.writer, vitals?.end ?? null)),
    );
  }

  failoverDatabase(to: RegionName): Promise<void> {
    return this.#options.database.failover(to);
  }

  switchoverDatabase(to: RegionName): Promise<void> {
    return this.#options.database.switchover(to);
  }

  cacheMembers(): Promise<readonly CacheMember[]> {
    const { regions, datastore, versions } = this.#options;
    return Promise.all(
      regions.all.map(async ({ name: region }): Promise<CacheMember> => {
        const { reachability, vitals } = await this.#caches.in(region).read();
        return {
          region,
          role: region === datastore.primary ? "primary" : "secondary",
          status: statusOf(datastore.server(region).daemon, false),
          reachability,
          engineVersion: versions.redis,
          replicationLagSeconds: vitals?.linkUp ? vitals.heardSecondsAgo : null,
          connections: vitals?.connections ?? null,
        };
      }),
    );
  }

  failoverCache(to: RegionName): Promise<void> {
    return this.#options.datastore.failover(to);
  }

  async endpointGroups(): Promise<readonly EndpointGroup[]> {
    return this.#options.network.edge.groups.map(({ region, dial, weight, health }) => ({
      ...{ region, dial, weight, health },
    }));
  }

  async updateEndpointGroup(region: RegionName, change: EndpointGroupChange): Promise<void> {
    const { network } = this.#options;
    await network.setGroup(region, { ...network.settings(region), ...change });
  }

  /** The process of one that can answer; null when its region or its process is down or stands still. */
  #answering(region: RegionName, daemon: Daemon): number | null {
    const runs = this.#options.regions.in(region).state === "up" && daemon.state === "running";
    return runs ? daemon.pid : null;
  }

  async #databaseMember(region: RegionName, writer: RegionName, end: bigint | null): Promise<DatabaseMember> {
    const { database, versions } = this.#options;
    const server = database.server(region);
    const { reachability, vitals } = await this.#databases.in(region).read();
    return {
      region,
      role: region === writer ? "writer" : "reader",
      status: statusOf(server.daemon, database.isSettling(region)),
      reachability,
      replicationLagMs: region === writer || vitals === null ? null : lagOf(vitals, end),
      host: "127.0.0.1",
      port: server.port,
      engineVersion: versions.postgres,
      connections: vitals?.connections ?? null,
      uptimeSeconds: vitals?.uptimeSeconds ?? null,
    };
  }
}

function statusOf(daemon: Daemon, settling: boolean): MemberStatus {
  if (settling || daemon.state === "starting") return "starting";
  return daemon.state === "stopped" ? "stopped" : "available";
}
