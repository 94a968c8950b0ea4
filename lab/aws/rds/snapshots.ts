import type { RegionName } from "@castle/regions/catalogue.ts";
import type { ControlPlaneRegion } from "../cells.ts";

/** A copy of a member's database as it was at one moment. */
export interface Snapshot {
  readonly region: RegionName;
  readonly identifier: string;
  /** `automated` ones go when the retention of backups ends; `manual` ones stay until they are deleted. */
  readonly type: "automated" | "manual";
  /** Its copies keep when the data is of. */
  readonly createdAt: Date;
  readonly status: "creating" | "available" | "failed";
  /** Of what it is a copy. */
  readonly copyOf: string | null;
}

/** Copies the region's running database to where it stays: resolves once the copy is whole. */
export type BackUp = (region: RegionName, identifier: string) => Promise<void>;

export const noBackups: BackUp = async (region) => {
  throw new Error(`the lab keeps no backups of ${region}`);
};

/** Days that automated snapshots are kept: Aurora's least. */
export const RETENTION_DAYS = 1;

/** The snapshots of both cells' databases, and the switch for what AWS leaves behind. */
export class Snapshots {
  readonly #backUp: BackUp;
  readonly #held = new Map<string, Snapshot>();

  constructor(backUp: BackUp) {
    this.#backUp = backUp;
  }

  in(region: ControlPlaneRegion): readonly Snapshot[] {
    return [...this.#held.values()].filter((snapshot) => snapshot.region === region);
  }

  find(region: ControlPlaneRegion, identifier: string): Snapshot | undefined {
    return this.in(region).find((snapshot) => snapshot.identifier.toLowerCase() === identifier.toLowerCase());
  }

  /** Takes one of the region's database as it is now. It is `creating` until it is whole. */
  take(region: RegionName, identifier: string, type: Snapshot["type"]): Snapshot {
    const begun = {
      region,
      identifier,
      type,
      createdAt: new Date(),
      status: "creating",
      copyOf: null,
    } as const;
    this.hold(begun);
    void this.#backUp(region, identifier).then(
      () => this.hold({ ...begun, status: "available" }),
      () => this.hold({ ...begun, status: "failed" }),
    );
    return begun;
  }

  /** The automated one of each day, by the name that AWS gives such a one. */
  takeAutomated(region: RegionName, cluster: string): void {
    const minute = new Date().toISOString().slice(0, 16).replace("T", "-").replace(":", "-");
    this.take(region, `rds:${cluster}-${minute}`, "automated");
  }

  /** Has it from now on, in place of one of its name. */
  hold(snapshot: Snapshot): void {
    this.#held.set(`${snapshot.region} ${snapshot.identifier}`, snapshot);
  }

  drop({ region, identifier }: Pick<Snapshot, "region" | "identifier">): void {
    this.#held.delete(`${region} ${identifier}`);
  }
}
