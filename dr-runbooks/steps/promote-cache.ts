import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { describeCache, failCacheOver } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { isTransient } from "../engine/transient.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** A global datastore never fails over between regions by itself. About a minute on AWS. */
export const promoteCache: Step<Handover> = {
  name: "promote-cache",
  purpose: "Make the target's cache the primary of the global datastore.",
  timeout: minutes(10),
  calls: [describeCache, failCacheOver],
  ifItFails: failure(
    "No order and no balance is at risk: everything in the cache can be rebuilt from the database. Without a primary nobody rings for the engines, so the gate stays closed.",
    [
      "Look at `aws elasticache describe-global-replication-groups --global-replication-group-id ID --show-member-info --region TARGET`, and wait while its status is `modifying`.",
      "Run the same command again: a cache that became the primary meanwhile is not promoted twice.",
      "Open a case with AWS if the status does not move for ten minutes.",
    ],
  ),
  retry: {
    attempts: Number.POSITIVE_INFINITY,
    pause: milliseconds(100),
    also: "a global datastore that is in another state for a moment",
    transient: (error) =>
      isTransient(error) ||
      (error instanceof Error && error.name === "InvalidGlobalReplicationGroupStateFault"),
  },
  isDone: async (handover) => (await isPrimary(handover)) === true,
  run: async ({ to }) => {
    const { primary } = await to.globalCache.describe();
    if (primary !== to.replicationGroupId) await to.globalCache.failover(to);
  },
  verify: isPrimary,
};

async function isPrimary({ to }: Handover): Promise<Finding> {
  const role = await to.cell.cache.role();
  if (role !== "master") return `the cache in ${to.region} is a ${role} still`;
  const { primary } = await to.globalCache.describe();
  return (
    primary === to.replicationGroupId || `the global datastore names ${primary ?? "no member"} as its primary`
  );
}
