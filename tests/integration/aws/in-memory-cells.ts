import type {
  CacheMember,
  ControlledCells,
  ControlPlaneRegion,
  DatabaseMember,
  EndpointGroup,
  EndpointGroupChange,
  EndpointState,
} from "@castle/lab/aws/cells.ts";
import {
  type CellRegion,
  cellRegions,
  homeRegion,
  peerRegion,
  type RegionName,
} from "@castle/regions/catalogue.ts";

/** A promotion that the control plane has asked for; nothing happens until the test says how it ends. */
export interface AskedPromotion {
  readonly what: "failoverDatabase" | "switchoverDatabase" | "failoverCache";
  readonly to: RegionName;
  finish(): void;
  fail(message: string): void;
}

/** Two cells as plain data, home active. */
export class InMemoryCells implements ControlledCells {
  readonly asked: AskedPromotion[] = [];
  /** How many promotions were ever asked for. */
  askedEver = 0;
  /** A promotion ends by itself, at once. */
  promotesAtOnce = false;
  readonly endpoints = new Map<ControlPlaneRegion, EndpointState>();
  databases: DatabaseMember[] = [
    database({ region: homeRegion, role: "writer", port: 15_432 }),
    database({ region: peerRegion, role: "reader", port: 25_432, replicationLagMs: 12 }),
  ];
  caches: CacheMember[] = [
    cache({ region: homeRegion, role: "primary" }),
    cache({ region: peerRegion, role: "secondary" }),
  ];
  groups: EndpointGroup[] = [
    { region: homeRegion, dial: 100, weight: 128, health: "healthy" },
    { region: peerRegion, dial: 100, weight: 128, health: "unhealthy" },
  ];

  endpointState = (region: ControlPlaneRegion): EndpointState => this.endpoints.get(region) ?? "answers";
  databaseMembers = async () => this.databases;
  cacheMembers = async () => this.caches;
  endpointGroups = async () => this.groups;

  failoverDatabase = (to: RegionName) =>
    this.#ask("failoverDatabase", to, () => this.#makeWriter(to, { othersLag: null }));
  switchoverDatabase = (to: RegionName) =>
    this.#ask("switchoverDatabase", to, () => this.#makeWriter(to, { othersLag: 3 }));
  failoverCache = (to: RegionName) =>
    this.#ask("failoverCache", to, () => {
      this.caches = this.caches.map((member) => ({
        ...member,
        role: member.region === to ? "primary" : "secondary",
      }));
    });

  async updateEndpointGroup(region: RegionName, change: EndpointGroupChange): Promise<void> {
    this.groups = this.groups.map((group) => (group.region === region ? { ...group, ...change } : group));
  }

  setDatabase(region: RegionName, state: Partial<DatabaseMember>): void {
    this.databases = this.databases.map((member) =>
      member.region === region ? { ...member, ...state } : member,
    );
  }

  setCache(region: RegionName, state: Partial<CacheMember>): void {
    this.caches = this.caches.map((member) => (member.region === region ? { ...member, ...state } : member));
  }

  /** The whole region is gone at once, and its endpoints with it. */
  lose(region: CellRegion): void {
    if (!cellRegions.includes(region)) throw new Error(`${region} holds no cell`);
    this.endpoints.set(region, "refuses");
    this.setDatabase(region, { status: "stopped", reachability: "unreachable", replicationLagMs: null });
    this.setCache(region, { status: "stopped", reachability: "unreachable" });
  }

  /** The only promotion that has been asked for and not ended. */
  get promotion(): AskedPromotion {
    const [promotion, ...more] = this.asked;
    if (!promotion || more.length > 0)
      throw new Error(`expected one promotion, ${this.asked.length} asked for`);
    return promotion;
  }

  #makeWriter(to: RegionName, { othersLag }: { othersLag: number | null }): void {
    this.databases = this.databases.map((member) =>
      member.region === to
        ? { ...member, role: "writer", replicationLagMs: null }
        : { ...member, role: "reader", replicationLagMs: othersLag },
    );
  }

  #ask(what: AskedPromotion["what"], to: RegionName, promote: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (how: () => void) => () => {
      this.asked.splice(this.asked.indexOf(asked), 1);
      how();
    };
    const asked: AskedPromotion = {
      what,
      to,
      finish: end(() => {
        promote();
        resolve();
      }),
      fail: (message) => end(() => reject(new Error(message)))(),
    };
    this.asked.push(asked);
    this.askedEver += 1;
    if (this.promotesAtOnce) asked.finish();
    return promise;
  }
}

const database = (
  own: Pick<DatabaseMember, "region" | "role" | "port"> & Partial<DatabaseMember>,
): DatabaseMember => ({
  status: "available",
  reachability: "reachable",
  replicationLagMs: null,
  host: "127.0.0.1",
  engineVersion: "15.14",
  connections: 7,
  uptimeSeconds: 600,
  ...own,
});

const cache = (own: Pick<CacheMember, "region" | "role">): CacheMember => ({
  status: "available",
  reachability: "reachable",
  engineVersion: "7.0.15",
  replicationLagSeconds: own.role === "secondary" ? 1 : null,
  connections: 3,
  ...own,
});
