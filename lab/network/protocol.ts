import type { RegionName } from "@castle/regions/catalogue.ts";
import type { EdgePlan, EdgeTarget, EdgeView, GroupSettings } from "../edge/plan.ts";
import type { LinkChannel, LinkPath } from "../link/channels.ts";

/** What the supervisor asks of the network process, over IPC. Every order is answered once. */
export type NetworkOrder =
  | {
      readonly kind: "open";
      readonly paths: readonly LinkPath[];
      readonly roundTripMs: number;
      readonly edge: EdgePlan;
    }
  | { readonly kind: "round-trip"; readonly ms: number; readonly channels?: readonly LinkChannel[] }
  | {
      readonly kind: "cut" | "heal" | "stall" | "resume";
      readonly channels: readonly LinkChannel[];
      /** Only the ways that begin in this region; default: all. */
      readonly from?: RegionName;
    }
  /** Whatever is connected to the edge now stays connected, and nothing passes any more. */
  | { readonly kind: "edge-black-hole" }
  | { readonly kind: "edge"; readonly region: RegionName; readonly settings: GroupSettings }
  /** These and no others are the region's targets from now on. */
  | { readonly kind: "edge-targets"; readonly region: RegionName; readonly targets: readonly EdgeTarget[] };

export interface NetworkRequest {
  readonly id: number;
  readonly order: NetworkOrder;
}

export type NetworkMessage =
  | { readonly kind: "answer"; readonly id: number; readonly error?: string }
  /** Told without being asked, whenever it changes. */
  | { readonly kind: "edge"; readonly view: EdgeView };
