import { cellRegions, peerOf } from "@castle/regions/catalogue.ts";
import type { HeldRecord } from "@castle/regions/witness/item.ts";
import { type LagMetrics, lagMetrics } from "../aws/lag-metrics.ts";
import { type EdgeGroup, edgeGroup } from "../aws/readiness-edge.ts";
import type { CellDatabase, DatabaseRole } from "../cells/database.ts";
import type { CellJournal } from "../cells/journal.ts";
import type { CellRegion, Target } from "../target.ts";
import type { Connections } from "./connections.ts";
import { type ClusterLook, lookAtCluster } from "./look-at-cluster.ts";
import { named } from "./named.ts";
import { type CacheFacts, cacheFacts } from "./probe-cache.ts";
import { type CellCertificates, cellCertificates } from "./probe-certificates.ts";
import { type Connected, connectedTo } from "./probe-database.ts";
import type { Ends } from "./streams.ts";

/** Which cell is active, and which would take over. */
export interface Sides {
  readonly active: CellRegion;
  readonly peer: CellRegion;
}

/**
 * What one look at everything sees. Checks that ask for the same thing get the same answer, asked for once; nothing is
 * asked for that no check wants.
 */
export class Look {
  readonly connections: Connections;
  /** When the look began: milliseconds since 1970. */
  readonly at: number;
  readonly #seen = new Map<string, Promise<unknown>>();

  constructor(connections: Connections, at: number) {
    this.connections = connections;
    this.at = at;
  }

  get target(): Target {
    return this.connections.target;
  }

  witness(): Promise<HeldRecord> {
    return this.#once("witness", () => this.connections.witness.inspect());
  }

  /** Told by the witness, or by the databases' own word while it does not answer. @throws when nobody tells. */
  sides(): Promise<Sides> {
    return this.#once("sides", async () => {
      const active = await this.witness().then(
        ({ record }) => record.activeRegion,
        () => this.#activeByRole(),
      );
      return { active, peer: peerOf(active) };
    });
  }

  role(region: CellRegion): Promise<DatabaseRole> {
    return this.#once(`role ${region}`, () => this.inDatabase(region, (database) => database.role()));
  }

  /** Where the streams end in the region's database. */
  ends(region: CellRegion): Promise<Ends> {
    return this.#once(`ends ${region}`, async () => {
      const streams = await this.inDatabase(region, (database) => database.streams());
      return new Map(streams.map(({ stream, lastSeq }) => [stream, lastSeq]));
    });
  }

  /** The marks of the region's journal. */
  marks(region: CellRegion): Promise<Ends> {
    return this.#once(`marks ${region}`, () => this.inJournal(region, (journal) => journal.highWater()));
  }

  cache(region: CellRegion): Promise<CacheFacts> {
    return this.#once(`cache ${region}`, () =>
      named(`the cache in ${region}`, cacheFacts(this.connections.cell(region).cache.redis)),
    );
  }

  connected(region: CellRegion): Promise<Connected> {
    return this.#once(`connected ${region}`, () => this.inDatabase(region, ({ knex }) => connectedTo(knex)));
  }

  edge(region: CellRegion): Promise<EdgeGroup> {
    return this.#once(`edge ${region}`, () =>
      named("Global Accelerator", edgeGroup(this.connections.aws.accelerator(), this.target.cells[region])),
    );
  }

  /** What CloudWatch in the region tells of how far its members are behind. */
  lags(region: CellRegion): Promise<LagMetrics> {
    return this.#once(`lags ${region}`, () =>
      named(
        `CloudWatch in ${region}`,
        lagMetrics(this.connections.aws.metrics(region), this.target.cells[region], this.at),
      ),
    );
  }

  /** What is presented to whoever connects to the region's cell. */
  certificates(region: CellRegion): Promise<CellCertificates> {
    return this.#once(`certificates ${region}`, () =>
      cellCertificates(this.connections.aws.certificates(region), region, this.target.cells[region]),
    );
  }

  /** null when the target names no cluster for the cell. */
  cluster(region: CellRegion): ClusterLook | null {
    const cluster = this.connections.cluster(region);
    return cluster && lookAtCluster(cluster, region, (what, see) => this.#once(what, see));
  }

  /** Asks the region's database, and names it should it not answer. */
  inDatabase<Answer>(region: CellRegion, ask: (database: CellDatabase) => Promise<Answer>): Promise<Answer> {
    return named(`the database in ${region}`, ask(this.connections.cell(region).database));
  }

  /** Asks the region's journal, and names it should it not answer. */
  inJournal<Answer>(region: CellRegion, ask: (journal: CellJournal) => Promise<Answer>): Promise<Answer> {
    return named(`the journal in ${region}`, ask(this.connections.cell(region).journal));
  }

  /** Of both role rows, the one of the later epoch: the other one may be that of a cell that was handed over. */
  async #activeByRole(): Promise<CellRegion> {
    const asked = await Promise.allSettled(cellRegions.map((region) => this.role(region)));
    const [latest] = asked
      .flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []))
      .sort((a, b) => b.epoch - a.epoch);
    const active = cellRegions.find((region) => region === latest?.region);
    if (!active) throw new Error("neither the witness nor a database tells which cell is active");
    return active;
  }

  #once<Found>(what: string, see: () => Promise<Found>): Promise<Found> {
    const seen = this.#seen.get(what);
    // Keys name what is seen, so what stands under a key has its type.
    if (seen) return seen as Promise<Found>;
    const seeing = see();
    // Whoever asked is told; one who asked and left at its deadline is not there any more.
    seeing.catch(() => undefined);
    this.#seen.set(what, seeing);
    return seeing;
  }
}
