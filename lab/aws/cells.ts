import type { RegionName } from "@castle/regions/catalogue.ts";

/**
 * What the AWS control plane needs to know of the lab's real processes, and what it may do to them. The lab implements
 * it; the control plane holds no process, port or connection of its own.
 *
 * Rules for whoever implements it:
 * - Every answer is the state of the real processes at this moment, at most a second old. Nothing waits for a process
 *   that is dead, frozen or cut off: such a member is "unreachable", within a second.
 * - A process that runs and is silent is a busy one until more is known: its last answer stands in for a few seconds,
 *   then it is "unknown". It is never told to be out of reach.
 * - Each list holds one entry for each of the two cells, also while a cell is lost.
 * - Exactly one database member is `writer` and exactly one cache member is `primary`: the roles as the global database
 *   and the global datastore assign them. They change at the instant the real promotion is done. An old writer that is
 *   alive and still believes in itself is listed as `reader` from then on, as AWS lists it.
 */
export interface ControlledCells {
  /** How the region's AWS endpoints answer now. Called for every request, before and after it is served. */
  endpointState(region: ControlPlaneRegion): EndpointState;

  databaseMembers(): Promise<readonly DatabaseMember[]>;

  /**
   * Promotes the reader in `to` whatever became of the writer, and needs nothing of the writer's region. What the reader
   * has not received is lost to it.
   *
   * Resolves once the real server in `to` accepts writes and `databaseMembers()` lists it as the writer; not later: the
   * old writer's rewind or rebuild goes on by itself (`replicationLagMs: null` until it streams again).
   * Rejects when the server was not promoted; the roles are then what they were. A promotion that may or may not have
   * happened must be settled, by looking, before the promise is.
   */
  failoverDatabase(to: RegionName): Promise<void>;

  /**
   * Swaps writer and reader without losing a transaction: the writer stops taking writes, the reader receives the last
   * of them, and only then is it promoted.
   *
   * Resolves once the server in `to` accepts writes, `databaseMembers()` lists it as the writer, and the old writer
   * streams from it. Rejects when that cannot be done without loss; the roles are then what they were and the old writer
   * takes writes again.
   */
  switchoverDatabase(to: RegionName): Promise<void>;

  cacheMembers(): Promise<readonly CacheMember[]>;

  /**
   * Makes the cache in `to` the primary, needing nothing of the old primary; the old one, if it lives, follows it.
   *
   * Resolves once the real server in `to` accepts writes and `cacheMembers()` lists it as the primary. Rejects when it
   * was not promoted; the roles are then what they were.
   */
  failoverCache(to: RegionName): Promise<void>;

  endpointGroups(): Promise<readonly EndpointGroup[]>;

  /**
   * Changes how the edge routes to one region; what `change` leaves out stays as it is.
   *
   * Resolves once every *new* connection through the edge follows the change and `endpointGroups()` tells it. Established
   * connections stay where they are.
   */
  updateEndpointGroup(region: RegionName, change: EndpointGroupChange): Promise<void>;
}

/**
 * The regions with an AWS endpoint in the lab: those of the catalogue, and us-west-2, where Global Accelerator has its
 * one control plane.
 */
export type ControlPlaneRegion = RegionName | "us-west-2";

/**
 * - `answers`: the region is up.
 * - `refuses`: it is gone; connections are reset.
 * - `silent`: connections open and nothing comes back, as from a region that is frozen or cut off from the caller.
 */
export type EndpointState = "answers" | "refuses" | "silent";

/**
 * - `available`: the process runs and has finished starting.
 * - `starting`: it runs and is recovering, being rewound or rebuilt.
 * - `stopped`: there is no process.
 */
export type MemberStatus = "available" | "starting" | "stopped";

/** `unknown`: its process runs, and nothing has been heard of it for a while. */
export type Reachability = "reachable" | "unreachable" | "unknown";

/** The PostgreSQL server of a cell, standing in for a member of an Aurora global database. */
export interface DatabaseMember {
  readonly region: RegionName;
  readonly role: "writer" | "reader";
  readonly status: MemberStatus;
  /** Whether it answers a query. A frozen server is `available` and unreachable. */
  readonly reachability: Reachability;
  /**
   * How far a reader is behind the writer, in milliseconds. null while it does not stream from the writer, while it is
   * not reachable, and always for the writer.
   */
  readonly replicationLagMs: number | null;
  readonly host: string;
  readonly port: number;
  /** The server's own version, for example "15.14". */
  readonly engineVersion: string;
  /** Sessions of clients, and seconds since the server started; null while it does not answer. */
  readonly connections: number | null;
  readonly uptimeSeconds: number | null;
}

/** The Redis server of a cell, standing in for a replication group of a global datastore. */
export interface CacheMember {
  readonly region: RegionName;
  readonly role: "primary" | "secondary";
  readonly status: MemberStatus;
  /** Whether it answers a command. */
  readonly reachability: Reachability;
  /** The server's own version, for example "7.0.15". */
  readonly engineVersion: string;
  /** Seconds since a secondary heard its primary; null while it does not hear it or is not reachable, and always for the primary. */
  readonly replicationLagSeconds: number | null;
  /** Connections of clients; null while it does not answer. */
  readonly connections: number | null;
}

/** What the edge knows of one cell: an endpoint group of the accelerator with the cell's load balancer in it. */
export interface EndpointGroup {
  readonly region: RegionName;
  /** Percent of the traffic meant for this region that it gets, 0 to 100. Failover between groups ignores it. */
  readonly dial: number;
  /** Weight of the load balancer in its group, 0 to 255; null when it has been taken out of the group. */
  readonly weight: number | null;
  /** The edge's own finding; `initial` before its first health check has ended. */
  readonly health: "initial" | "healthy" | "unhealthy";
}

export type EndpointGroupChange = Partial<Pick<EndpointGroup, "dial" | "weight">>;
