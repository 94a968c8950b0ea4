import { cellRegions, peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import { until } from "../processes/until.ts";
import type { PostgresServer } from "../servers/postgres.ts";
import type { CellConditions } from "./conditions.ts";
import type { PerCell } from "./per-cell.ts";
import { Settling } from "./settling.ts";

export interface GlobalDatabaseOptions {
  readonly servers: PerCell<PostgresServer>;
  /** Port through which the server in a region reaches the other's: the link's. */
  readonly peerPort: (region: RegionName) => number;
  readonly writer: RegionName;
  readonly conditions: CellConditions;
  /** How long a writer that lost its role goes on believing in it, once it could know better. Milliseconds. */
  readonly rejoinDelayMs: number;
  readonly note: (line: string) => void;
}

/** A reader that has neither received nor replayed anything for so long does not follow by itself any more. */
const STANDS_STILL_MS = 10_000;

/**
 * The two cells' databases as one Aurora global database: one writer, one reader that follows it across the link, and
 * the changes of role that AWS makes. A member that comes back finds its place by itself, as Aurora's do.
 */
export class GlobalDatabase {
  readonly #options: GlobalDatabaseOptions;
  readonly #members: Settling;
  #writer: RegionName;

  constructor(options: GlobalDatabaseOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#members = new Settling(
      (region) => this.#settle(region),
      (region, error) =>
        options.note(`${region}: the database did not rejoin, trying again: ${reason(error)}`),
    );
  }

  /** The region whose member has the writer's role, whatever another believes of itself. */
  get writer(): RegionName {
    return this.#writer;
  }

  server(region: RegionName): PostgresServer {
    return this.#options.servers.in(region);
  }

  /** Whether the region's member is being started, rewound or rebuilt. */
  isSettling(region: RegionName): boolean {
    return this.#members.busy(region) || this.server(region).daemon.state === "starting";
  }

  /**
   * Promotes the reader in `to`, whatever became of the writer. @throws Error when it was not promoted: the roles are
   * what they were
   */
  failover(to: RegionName): Promise<void> {
    return this.#members.take(to, async () => {
      if (to === this.#writer) return;
      const server = this.server(to);
      if (!this.#options.conditions.runs(to) || server.daemon.state !== "running")
        throw new Error(`the database in ${to} does not run: it cannot be promoted`);
      if (!server.reads || server.torn)
        throw new Error(`the database in ${to} has not rejoined yet: it cannot be promoted`);
      await this.#promote(to, server);
      this.settleLater(peerOf(to), this.#options.rejoinDelayMs);
    });
  }

  /**
   * Hands the writer's role to `to` without losing a transaction: the old writer stops, the reader replays all of it,
   * then it is promoted and followed. @throws Error when that cannot be: the roles are what they were
   */
  switchover(to: RegionName): Promise<void> {
    const from = peerOf(to);
    const [first, second] = cellRegions;
    return this.#members.take(first, () => this.#members.take(second, () => this.#handOver(from, to)));
  }

  /**
   * Brings the region's member to what it should be: the writer, or a reader that streams from it. Does nothing for now
   * when its region is down or frozen, or the writer out of reach. @throws Error when it did not succeed
   */
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

  async #promote(to: RegionName, server: PostgresServer): Promise<void> {
    try {
      await server.promote();
    } catch (error) {
      if (!(await isWriter(server))) throw error;
    }
    this.#writer = to;
  }

  async #handOver(from: RegionName, to: RegionName): Promise<void> {
    if (to === this.#writer) return;
    const [old, next] = [this.server(from), this.server(to)];
    if (!this.#reaches(to) || !this.#options.conditions.runs(to) || !(await this.#streams(to, next)))
      throw new Error(
        `the database in ${to} does not stream from ${from}: a switchover would lose what it lacks`,
      );
    const spans: string[] = [];
    const timed = async (what: string, work: Promise<void>): Promise<void> => {
      const began = performance.now();
      await work;
      spans.push(`${what} in ${Math.round(performance.now() - began)} ms`);
    };
    try {
      await timed(`${from} stopped`, old.stop());
      await timed("its log replayed", next.replayed(await old.endOfLog()));
      await timed("promoted", this.#promote(to, next));
      this.#options.note(`${to}: the database is the writer: ${spans.join(", ")}`);
    } catch (error) {
      await this.#settle(from); // the writer again, as it was
      throw error;
    }
    try {
      old.becomeReader();
      await this.#settle(from);
    } catch (error) {
      this.#options.note(`${from}: the database does not follow yet, trying again: ${reason(error)}`);
      this.#members.later(from);
    }
  }

  async #settle(region: RegionName): Promise<void> {
    const { conditions, note } = this.#options;
    const server = this.server(region);
    if (!conditions.runs(region)) return;
    if (region === this.#writer) return this.#run(server);
    if (!this.#reaches(region)) {
      // It comes back as what it was, a writer that lost its role included, and learns of that when it can.
      if (!server.torn) await this.#run(server);
      return;
    }
    if (server.torn || !server.reads) {
      await server.stop();
      await this.#turnIntoReader(region, server);
      note(`${region}: the database rejoined as the reader of ${this.#writer}`);
    }
    await this.#run(server);
    if (await this.#streams(region, server)) return;
    note(`${region}: the database cannot follow from where it is; it is rebuilt`);
    await server.stop();
    await server.cloneFrom(this.#options.peerPort(region));
    await this.#run(server);
    if (!(await this.#streams(region, server)))
      throw new Error(`it does not stream after having been rebuilt`);
  }

  async #turnIntoReader(region: RegionName, server: PostgresServer): Promise<void> {
    const port = this.#options.peerPort(region);
    if (!server.torn)
      try {
        await this.server(this.#writer).checkpoint();
        await server.rewindTo(port);
        return;
      } catch (error) {
        this.#options.note(`${region}: the database cannot be rewound and is rebuilt: ${reason(error)}`);
      }
    await server.cloneFrom(port);
  }

  async #run(server: PostgresServer): Promise<void> {
    if (server.daemon.state === "stopped") await server.start();
  }

  /**
   * False once it stands still without streaming; true too when the writer went out of reach meanwhile. @throws Error
   * when it does not say: silence proves nothing
   */
  async #streams(region: RegionName, server: PostgresServer): Promise<boolean> {
    let answers = false;
    try {
      await until(
        async () => {
          if (!this.#reaches(region)) return true;
          answers = false;
          const progress = await server.follows(this.server(this.#writer));
          answers = true;
          return progress;
        },
        {
          what: `the database in ${region} to stream from ${this.#writer}`,
          withinMs: STANDS_STILL_MS,
          report: (line) => this.#options.note(`${region}: ${line}`),
        },
      );
      return true;
    } catch (error) {
      if (!answers) throw error;
      return false;
    }
  }

  /** Whether a member in `region` can reach the writer in the other. */
  #reaches(region: RegionName): boolean {
    const { conditions } = this.#options;
    return (
      conditions.runs(region) &&
      conditions.runs(this.#writer) &&
      conditions.carries("replication") &&
      this.server(this.#writer).daemon.state === "running"
    );
  }
}

/** By asking it or, when it does not answer any more, by its folder: a promotion removes the reader's mark. */
async function isWriter(server: PostgresServer): Promise<boolean> {
  try {
    return !(await server.inRecovery());
  } catch {
    return !server.reads;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
