import type { Resource } from "../judged/resource.ts";
import { exceptPreview, type PairRule } from "../rule.ts";
import { ableToTakeOver } from "./compare/controls.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const STORES = [CLUSTER, "aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"];

const propertyOf = ({ type }: Resource): string =>
  type === "aws:rds/instance:Instance" ? "maintenanceWindow" : "preferredMaintenanceWindow";

/** Such as `sun:03:30-sun:04:30`. */
const windowOf = (store: Resource): string | undefined => store.text(propertyOf(store));

export const maintenanceNeverMeetsBothCells: PairRule = {
  about: "pair",
  name: "maintenance-never-meets-both-cells",
  area: "parity",
  severity: "high",
  what: "AWS may not restart databases of both cells on the same day of the week.",
  why: "Windows that meet let AWS take both copies of a store down at once, and no failover helps then.",
  remedy: "Set a maintenance window, on different days in the two cells (infra/cell/database/engine.ts).",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) => {
    const days = new Set(home.ofType(...STORES).flatMap((store) => daysOf(windowOf(store) ?? "")));
    return [
      ...[home, peer].flatMap((cell) =>
        cell.judgeEach(cell.ofType(...STORES), (store) =>
          windowOf(store)
            ? []
            : [
                {
                  resource: store,
                  property: propertyOf(store),
                  found: "AWS's choice",
                  wanted: "a window",
                },
              ],
        ),
      ),
      ...peer.judgeEach(peer.ofType(...STORES), (store) => {
        const window = windowOf(store) ?? "";
        return daysOf(window).some((day) => days.has(day))
          ? [
              {
                resource: store,
                property: propertyOf(store),
                found: `${window}, the home cell's day`,
                wanted: "another day",
              },
            ]
          : [];
      }),
    ];
  },
  examples: {
    passing: {
      home: [{ type: CLUSTER, props: { preferredMaintenanceWindow: "sun:03:30-sun:04:30" } }],
      peer: [{ type: CLUSTER, props: { preferredMaintenanceWindow: "tue:03:30-tue:04:30" } }],
    },
    failing: {
      home: [{ type: CLUSTER, props: { preferredMaintenanceWindow: "sun:03:30-sun:04:30" } }],
      peer: [{ type: CLUSTER, props: { preferredMaintenanceWindow: "sun:04:00-sun:05:00" } }],
    },
  },
};

/** The days on which a window begins and ends. */
const daysOf = (window: string): readonly string[] => window.toLowerCase().match(/[a-z]{3}(?=:)/g) ?? [];
