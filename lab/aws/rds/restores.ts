import type { RegionName } from "@castle/regions/catalogue.ts";

/** The data of a snapshot, copied to where a server of its own can be started on it. */
export interface RestoredData {
  /** Starts the server. Resolves when it takes connections; rejects when it cannot run on that data. */
  start(): Promise<{ readonly host: string; readonly port: number }>;
  /** Ends the server, if there is one, and removes the data. Harmless when repeated. */
  remove(): Promise<void>;
}

/** Copies a snapshot's data for a cluster of that name. @param snapshot the identifier under which the data was backed up */
export type Restore = (region: RegionName, snapshot: string, cluster: string) => Promise<RestoredData>;

export const noRestores: Restore = async (region) => {
  throw new Error(`the lab restores no backups of ${region}`);
};

/** A cluster that was made of a snapshot, and its one instance once there is one. */
export interface RestoredCluster {
  readonly region: RegionName;
  readonly identifier: string;
  readonly createdAt: Date;
  status: "creating" | "available" | "failed" | "deleting";
  data: RestoredData | null;
  instance: RestoredInstance | null;
}

export interface RestoredInstance {
  readonly identifier: string;
  readonly instanceClass: string;
  status: "creating" | "available" | "failed" | "deleting";
  endpoint: { readonly host: string; readonly port: number } | null;
}

/** The clusters that were restored, beside those of the cells: real servers on copies of what was backed up. */
export class Restores {
  readonly #restore: Restore;
  readonly #held = new Map<string, RestoredCluster>();

  constructor(restore: Restore) {
    this.#restore = restore;
  }

  in(region: string): readonly RestoredCluster[] {
    return [...this.#held.values()].filter((cluster) => cluster.region === region);
  }

  find(region: string, identifier: string): RestoredCluster | undefined {
    return this.in(region).find((cluster) => cluster.identifier === identifier.toLowerCase());
  }

  /** Begins to copy the data: `creating` until it is there. */
  begin(region: RegionName, identifier: string, snapshot: string): RestoredCluster {
    const cluster: RestoredCluster = {
      ...{ region, identifier: identifier.toLowerCase(), createdAt: new Date() },
      ...{ status: "creating", data: null, instance: null },
    };
    this.#held.set(`${region} ${cluster.identifier}`, cluster);
    void this.#restore(region, snapshot, cluster.identifier).then(
      (data) => {
        cluster.data = data;
        // Deleted meanwhile: nobody else removes what was copied.
        if (cluster.status === "deleting") void this.remove(cluster);
        else cluster.status = "available";
      },
      () => {
        if (cluster.status === "deleting") this.#drop(cluster);
        else cluster.status = "failed";
      },
    );
    return cluster;
  }

  /** Begins to start the server: `creating` until it takes connections, `failed` when it cannot run on its data. */
  start(cluster: RestoredCluster, identifier: string, instanceClass: string): RestoredInstance {
    const instance: RestoredInstance = { identifier, instanceClass, status: "creating", endpoint: null };
    cluster.instance = instance;
    void (cluster.data?.start() ?? Promise.reject(new Error("there is no data"))).then(
      (endpoint) => {
        if (instance.status !== "creating") return;
        instance.endpoint = endpoint;
        instance.status = "available";
      },
      () => {
        if (instance.status === "creating") instance.status = "failed";
      },
    );
    return instance;
  }

  /** Ends the server and removes the data; the cluster is `deleting` until both are gone, and then there is none. */
  async remove(cluster: RestoredCluster): Promise<void> {
    cluster.status = "deleting";
    if (!cluster.data) return; // the copy is under way, and removed when it is there
    await cluster.data.remove();
    this.#drop(cluster);
  }

  /** Nothing of what was restored is left running. */
  async close(): Promise<void> {
    await Promise.all([...this.#held.values()].map((cluster) => this.remove(cluster)));
  }

  #drop({ region, identifier }: RestoredCluster): void {
    this.#held.delete(`${region} ${identifier}`);
  }
}
