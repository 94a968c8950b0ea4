import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** Everything in Redis can be rebuilt from PostgreSQL; the gateways' own sweep rings again for whatever this misses. */
export const rebuildQueues: Step<Handover> = {
  name: "rebuild-queues",
  purpose:
    "Throw away the doorbells of the former epoch, and ring for every command that is yet to be applied.",
  timeout: seconds(30),
  ifItFails: failure(
    "Nothing is lost: every doorbell can be rung again from the database. Engines may not know yet what is left to apply, so the gate stays closed.",
    [
      "See with `castle status` that the target's cache is a master; bring it back if it does not answer.",
      "Run the same command again: doorbells are thrown away and rung anew, however often.",
    ],
  ),
  needs: "the target's cache is the primary",
  precondition: async ({ to }) => {
    const role = await to.cell.cache.role();
    return role === "master" || `the cache in ${to.region} is a ${role} still`;
  },
  run: async ({ to, plan }) => {
    const streams = await to.cell.database.streams();
    await Promise.all(streams.map((stream) => to.cell.cache.rebuildDoorbell(plan.epoch, stream)));
    return { rung: streams.filter(({ lastSeq, appliedSeq }) => appliedSeq < lastSeq).length };
  },
};
