import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

/** Everything in Redis can be rebuilt from PostgreSQL; the gateways' own sweep rings again for whatever this misses. */
export const rebuildQueues: Step<Handover> = {
  name: "rebuild-queues",
  purpose:
    "Throw away the doorbells of the former epoch, and ring for every command that is yet to be applied.",
  timeout: seconds(30),
  run: async ({ to, plan }) => {
    const streams = await to.cell.database.streams();
    await Promise.all(streams.map((stream) => to.cell.cache.rebuildDoorbell(plan.epoch, stream)));
    return { rung: streams.filter(({ lastSeq, appliedSeq }) => appliedSeq < lastSeq).length };
  },
};
