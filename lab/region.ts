import type { RegionName } from "@castle/regions/catalogue.ts";
import type { GlobalDatabase } from "./cells/global-database.ts";
import type { GlobalDatastore } from "./cells/global-datastore.ts";
import type { Deployments } from "./kubernetes/deployments.ts";
import type { LabProcess } from "./lab-process.ts";
import { ended, freezeTrees, killTrees, thawTrees } from "./processes/tree.ts";

export type RegionState = "up" | "frozen" | "down";

export interface LabRegionOptions {
  readonly name: RegionName;
  /** Database, journal and Redis. */
  readonly servers: readonly LabProcess[];
  /** The services, as the cell's cluster runs them. */
  readonly deployments: Deployments;
  readonly database: GlobalDatabase;
  readonly datastore: GlobalDatastore;
  /** How long a frozen region's servers go on as they were once they run again. Milliseconds. */
  readonly rejoinDelayMs: number;
  readonly note: (line: string) => void;
}

/** Everything that runs in one region, and the disasters that befall it as a whole. */
export class LabRegion {
  readonly name: RegionName;
  readonly deployments: Deployments;
  readonly #options: LabRegionOptions;
  #state: RegionState = "up";

  constructor(options: LabRegionOptions) {
    this.name = options.name;
    this.deployments = options.deployments;
    this.#options = options;
  }

  get state(): RegionState {
    return this.#state;
  }

  get processes(): readonly LabProcess[] {
    return [...this.#options.servers, ...this.deployments.processes];
  }

  process(name: string): LabProcess {
    const found = this.processes.find((process) => process.name === name);
    if (!found)
      throw new Error(
        `no process "${name}" in ${this.name}; known: ${this.processes.map((process) => process.name).join(", ")}`,
      );
    return found;
  }

  /** Starts the services, once their servers are there. */
  startServices(): Promise<void> {
    return this.deployments.start();
  }

  /** The region is lost: SIGKILL to every process of it at once, every child of PostgreSQL included. */
  async kill(): Promise<void> {
    if (this.#state === "down") return;
    this.#state = "down";
    for (const { keepAlive, daemon } of this.processes) {
      keepAlive.letGo();
      daemon.forbid();
    }
    await ended(killTrees(this.#pids()));
    await Promise.all(this.processes.map(({ daemon }) => daemon.kill()));
    this.#options.note(`${this.name}: every process was killed`);
  }

  /** The region stands still: nothing of it runs, answers or ends, and its connections stay open. */
  async freeze(): Promise<void> {
    if (this.#state === "frozen") return;
    if (this.#state === "down")
      throw new Error(`${this.name} is down and cannot be frozen; restore it first`);
    this.#state = "frozen";
    freezeTrees(this.#pids());
    for (const { daemon } of this.processes) daemon.freeze();
    this.#options.note(`${this.name}: every process was frozen`);
  }

  /** The region goes on as if nothing had happened; its servers find out later what did. */
  async thaw(): Promise<void> {
    const { database, datastore, rejoinDelayMs, note } = this.#options;
    if (this.#state === "up") return;
    if (this.#state === "down") throw new Error(`${this.name} is down, not frozen; restore it`);
    thawTrees(this.#pids());
    for (const { daemon } of this.processes) daemon.thaw();
    this.#state = "up";
    note(`${this.name}: every process runs again`);
    database.settleLater(this.name, rejoinDelayMs);
    datastore.settleLater(this.name, rejoinDelayMs);
    this.deployments.settle();
  }

  /**
   * The region comes back as AWS would bring it: the journal with its data, the database and Redis in the roles that are
   * theirs by now, then the services. Resolves when all of them answer.
   */
  async restore(): Promise<void> {
    if (this.#state === "up") return;
    if (this.#state === "frozen") throw new Error(`${this.name} is frozen, not down; thaw it`);
    this.#state = "up";
    this.#options.note(`${this.name}: comes back`);
    await Promise.all(this.#options.servers.map((server) => server.start()));
    await this.startServices();
    this.#options.note(`${this.name}: every process runs`);
  }

  /** Nothing is restarted any more: the lab goes down. */
  letGo(): void {
    for (const { keepAlive, daemon } of this.processes) {
      keepAlive.letGo();
      daemon.forbid();
    }
  }

  #pids(): number[] {
    return this.processes.flatMap(({ pids }) => pids);
  }
}
