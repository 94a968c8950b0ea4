import { minutes } from "@castle/regions/duration.ts";
import { describeCache, readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited, isSo } from "../runbooks/operations/await.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

const NAME = "rejoin-cache";

export const rejoinCache: Step<Operation> = {
  name: NAME,
  purpose: "Wait until the cell's cache is a replica that follows the active cell's.",
  timeout: minutes(30),
  calls: [readWitness, describeCache],
  ifItFails: failure(
    "The cell's cache does not follow. Nothing is lost with it: it can be rebuilt from the databases.",
    [
      "Read what ElastiCache tells of the global datastore, and add the cell's replication group again if it was taken out.",
      "Run the command again.",
    ],
  ),
  isDone: (operation) => isSo(() => follows(operation)),
  run: (operation, at) => awaited(operation, NAME, () => follows(operation), at),
};

async function follows({ cell, active }: Operation): Promise<Finding> {
  const { primary } = await active.globalCache.describe();
  if (primary !== active.replicationGroupId)
    return `the global datastore names ${primary ?? "no member"} as its primary`;
  const answer = await cell.cell.cache.redis.call("ROLE");
  // A replica tells: "slave", host, port, state of the link, offset.
  const [role, , , link] = Array.isArray(answer) ? answer.map(String) : [];
  if (role !== "slave") return `the cache in ${cell.region} is a ${role ?? "member of no known role"} still`;
  return link === "connected" || `the cache in ${cell.region} is a replica whose link is in state "${link}"`;
}
