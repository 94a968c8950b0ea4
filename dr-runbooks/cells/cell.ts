import { connectDatabase, connectMovingDatabase } from "@castle/services/kernel/database/connect.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import type { CellRegion, CellTarget } from "../target.ts";
import { CellCache } from "./cache.ts";
import { CellDatabase } from "./database.ts";
import { databasePlace } from "./database-place.ts";
import { CellJournal } from "./journal.ts";
import { orUnreachable } from "./reachable.ts";

const CONNECTIONS = { name: "dr-runbooks", max: 3 } as const;

/** One cell's own servers. Connected when first used: a failover never touches those of the lost cell. */
export class Cell {
  readonly region: CellRegion;
  readonly target: CellTarget;
  #database: CellDatabase | null = null;
  #journal: CellJournal | null = null;
  #cache: CellCache | null = null;

  constructor(region: CellRegion, target: CellTarget) {
    this.region = region;
    this.target = target;
  }

  get database(): CellDatabase {
    const { databaseReaderUrl: reader, withheld } = this.target;
    this.#database ??= new CellDatabase(
      reader === undefined && withheld === undefined
        ? connectDatabase(this.target.databaseUrl, CONNECTIONS)
        : connectMovingDatabase(() => databasePlace(this.target), CONNECTIONS),
    );
    return this.#database;
  }

  get journal(): CellJournal {
    const { journalUrl, withheld } = this.target;
    this.#journal ??= new CellJournal(
      withheld === undefined
        ? connectDatabase(journalUrl, CONNECTIONS)
        : connectMovingDatabase(() => Promise.reject(new Error(withheld)), CONNECTIONS),
    );
    return this.#journal;
  }

  /** @throws Error while there are no credentials for it. */
  get cache(): CellCache {
    const { withheld } = this.target;
    if (withheld !== undefined) throw new Error(withheld);
    this.#cache ??= new CellCache(connectRedis(this.target.redisUrl, "producer"));
    return this.#cache;
  }

  /**
   * Loads what its servers are reached by, without asking them anything. For whoever gives an answer little time: loading
   * holds up everything, and would be taken for silence.
   */
  load(): void {
    void this.database;
    void this.journal;
    if (this.target.withheld === undefined) void this.cache;
  }

  /** Ends its connections. A server that froze does not let go of one: nobody waits for that longer than a second. */
  async close(): Promise<void> {
    this.#cache?.redis.disconnect();
    await orUnreachable(Promise.all([this.#database?.knex.destroy(), this.#journal?.knex.destroy()]));
  }
}
