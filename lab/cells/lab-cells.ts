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
import type { GlobalDatabase } from "./global-database.ts";
import type { GlobalDatastore } from "./global-datastore.ts";
import type { PerCell } from "./per-cell.ts";

/** A member that has not answered by then counts as out of reach. Milliseconds. */
const ANSWER_WITHIN_MS = 500;

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

  constructor(options: LabCellsOptions) {
    this.#options = options;
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
    const end = await this.#writersEnd();
    return Promise.all(regions.all.map(({ name }) => this.#databaseMember(name, database.writer, end)));
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
        const server = datastore.server(region);
        const told = this.#mayAnswer(region, server.daemon) ? await answerOf(server.replication()) : null;
        return {
          region,
          role: region === datastore.primary ? "primary" : "secondary",
          status: statusOf(server.daemon, false),
          reachable: told !== null,
          engineVersion: versions.redis,
          replicationLagSeconds: told?.linkUp ? told.heardSecondsAgo : null,
          connections: told?.connections ?? null,
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

  #mayAnswer(region: RegionName, daemon: Daemon): boolean {
    return this.#options.regions.in(region).state === "up" && daemon.state === "running";
  }

  /** The end of the writer's log; null when the writer does not answer. */
  async #writersEnd(): Promise<string | null> {
    const { database } = this.#options;
    const server = database.server(database.writer);
    if (!this.#mayAnswer(database.writer, server.daemon)) return null;
    try {
      const [row] = await server.query<{ position: string }>(
        "select case when pg_is_in_recovery() then null else pg_current_wal_lsn() end as position",
        [],
        { withinMs: ANSWER_WITHIN_MS },
      );
      return row?.position ?? null;
    } catch {
      return null;
    }
  }

  async #databaseMember(region: RegionName, writer: RegionName, end: string | null): Promise<DatabaseMember> {
    const { database, versions } = this.#options;
    const server = database.server(region);
    const answer = this.#mayAnswer(region, server.daemon) ? await vitalsOf(server, end) : null;
    return {
      region,
      role: region === writer ? "writer" : "reader",
      status: statusOf(server.daemon, database.isSettling(region)),
      reachable: answer !== null,
      replicationLagMs: region === writer ? null : (answer?.lagMs ?? null),
      host: "127.0.0.1",
      port: server.port,
      engineVersion: versions.postgres,
      connections: answer?.connections ?? null,
      uptimeSeconds: answer?.uptimeSeconds ?? null,
    };
  }
}

interface Vitals {
  readonly lagMs: number | null;
  readonly connections: number;
  readonly uptimeSeconds: number;
}

/**
 * What a server tells of itself; null when it does not answer. How far a reader is behind: nothing once it has replayed the writer's log to its end as of a moment ago, beyond what
 * a message takes to cross; else the age of what it replayed last.
 */
async function vitalsOf(
  server: ReturnType<GlobalDatabase["server"]>,
  end: string | null,
): Promise<Vitals | null> {
  try {
    const [row] = await server.query<{ lag: number | null; connections: number; uptime: number }>(
      `select (select round(extract(epoch from case
             when $1::pg_lsn is null or pg_last_wal_replay_lsn() >= $1::pg_lsn
               then last_msg_receipt_time - last_msg_send_time
             else clock_timestamp() - pg_last_xact_replay_timestamp()
           end) * 1000)::float8
         from pg_stat_wal_receiver where status = 'streaming') as lag,
         (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
         extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as uptime`,
      [end],
      { withinMs: ANSWER_WITHIN_MS },
    );
    if (!row) return null;
    const lagMs = row.lag === null ? null : Math.max(0, row.lag);
    return { lagMs, connections: row.connections, uptimeSeconds: Math.floor(row.uptime) };
  } catch {
    return null;
  }
}

function statusOf(daemon: Daemon, settling: boolean): MemberStatus {
  if (settling || daemon.state === "starting") return "starting";
  return daemon.state === "stopped" ? "stopped" : "available";
}

const answerOf = <Answer>(answer: Promise<Answer>): Promise<Answer | null> =>
  Promise.race([
    answer.catch(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWER_WITHIN_MS).unref()),
  ]);
