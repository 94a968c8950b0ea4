import type {
  CacheMember,
  ControlledCells,
  ControlPlaneRegion,
  DatabaseMember,
  EndpointGroup,
  EndpointGroupChange,
} from "@castle/lab/aws/cells.ts";
import { type CellRegion, cellRegions, peerOf, type RegionName } from "@castle/regions/catalogue.ts";

/** How a promotion is really carried out. */
export interface Promotions {
  database(to: CellRegion): Promise<void>;
  cache(to: CellRegion): Promise<void>;
}

/**
 * What the lab's AWS control plane acts on: roles as AWS would tell them, with the promotions left to the test's own
 * servers.
 */
export class AwsOfTests implements ControlledCells {
  writer: CellRegion;
  primary: CellRegion;
  /** Regions whose AWS endpoints are gone. */
  readonly lost = new Set<ControlPlaneRegion>();
  /** Promotions in the order in which they were asked for. */
  readonly asked: string[] = [];
  readonly weights = new Map<RegionName, number | null>(cellRegions.map((region) => [region, 128]));
  readonly #promotions: Promotions;

  constructor(active: CellRegion, promotions: Promotions) {
    this.writer = active;
    this.primary = active;
    this.#promotions = promotions;
  }

  endpointState = (region: ControlPlaneRegion) => (this.lost.has(region) ? "refuses" : "answers");

  databaseMembers = async (): Promise<DatabaseMember[]> =>
    cellRegions.map((region) => ({
      region,
      role: region === this.writer ? "writer" : "reader",
      status: this.lost.has(region) ? "stopped" : "available",
      reachability: this.lost.has(region) ? "unreachable" : "reachable",
      replicationLagMs: region === this.writer || this.lost.has(peerOf(region)) ? null : 5,
      host: "127.0.0.1",
      port: 5432,
      engineVersion: "15.14",
      ...{ connections: 1, uptimeSeconds: 60 },
    }));

  cacheMembers = async (): Promise<CacheMember[]> =>
    cellRegions.map((region) => ({
      region,
      role: region === this.primary ? "primary" : "secondary",
      status: this.lost.has(region) ? "stopped" : "available",
      reachability: this.lost.has(region) ? "unreachable" : "reachable",
      engineVersion: "7.0.15",
      ...{ replicationLagSeconds: region === this.primary ? null : 0, connections: 1 },
    }));

  endpointGroups = async (): Promise<EndpointGroup[]> =>
    cellRegions.map((region) => ({
      region,
      dial: 100,
      weight: this.weights.get(region) ?? null,
      health: "healthy",
    }));

  failoverDatabase = (to: RegionName): Promise<void> => this.#promoteDatabase("failover", to);
  switchoverDatabase = (to: RegionName): Promise<void> => this.#promoteDatabase("switchover", to);

  async failoverCache(to: RegionName): Promise<void> {
    this.asked.push(`cache failover to ${to}`);
    await this.#promotions.cache(cellRegion(to));
    this.primary = cellRegion(to);
  }

  async updateEndpointGroup(region: RegionName, change: EndpointGroupChange): Promise<void> {
    if (change.weight !== undefined) this.weights.set(region, change.weight);
  }

  async #promoteDatabase(how: "failover" | "switchover", to: RegionName): Promise<void> {
    this.asked.push(`database ${how} to ${to}`);
    await this.#promotions.database(cellRegion(to));
    this.writer = cellRegion(to);
  }
}

function cellRegion(name: RegionName): CellRegion {
  const found = cellRegions.find((region) => region === name);
  if (!found) throw new Error(`${name} holds no cell`);
  return found;
}
