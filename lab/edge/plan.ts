import type { RegionName } from "@castle/regions/catalogue.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";

/** A process of a service behind a region's load balancer. */
export interface EdgeTarget {
  readonly region: RegionName;
  readonly service: ServiceName;
  readonly instance: string;
  readonly port: number;
  readonly internalPort: number;
  readonly healthPath: string;
}

/** What the edge is built of; only its targets change while it runs. */
export interface EdgePlan {
  /** One listener for each service the edge leads to. */
  readonly listeners: readonly { readonly service: ServiceName; readonly port: number }[];
  readonly targets: readonly EdgeTarget[];
  /** The regions, nearest to the clients first. */
  readonly nearestFirst: readonly RegionName[];
  /** Between two health checks of a target; a check that takes as long has failed. Milliseconds. */
  readonly intervalMs: number;
}

/** What the accelerator's control plane sets. */
export interface GroupSettings {
  /** 0 to 100 */
  readonly dial: number;
  /** 0 to 255; null when the endpoint was taken out of the group. */
  readonly weight: number | null;
}

export const defaultSettings: GroupSettings = { dial: 100, weight: 128 };

/** The edge as it stands. */
export interface EdgeView {
  readonly groups: readonly (GroupSettings & {
    readonly region: RegionName;
    /** `initial` until every target's first check has ended. */
    readonly health: "initial" | "healthy" | "unhealthy";
    readonly targets: readonly { readonly instance: string; readonly healthy: boolean }[];
  })[];
}
