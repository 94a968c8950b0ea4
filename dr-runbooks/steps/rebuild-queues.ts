import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** Everything in Redis can be rebuilt from PostgreSQL, and no order waits for any of it. */
export const rebuildQueues: Step<Handover> = {
  name: "rebuild-queues",
  purpose:
    "Throw away the jobs of the former epoch, and announce to what comes after a trade how far everything is projected.",
  timeout: seconds(30),
  ifItFails: failure(
    "Nothing is lost, and trading needs none of it: candles and the like stand still until the queue is there again.",
    [
      "See with `castle status` that the target's cache is a master; bring it back if it does not answer.",
      "Run the same command again: jobs are thrown away and announced anew, however often.",
    ],
  ),
  needs: "the target's cache is the primary",
  precondition: async ({ to }) => {
    const role = await to.cell.cache.role();
    return role === "master" || `the cache in ${to.region} is a ${role} still`;
  },
  run: async ({ to, plan }) => {
    const streams = await to.cell.database.streams();
    await to.cell.cache.rebuildQueue(plan.epoch, streams);
    return { announced: streams.length };
  },
};
