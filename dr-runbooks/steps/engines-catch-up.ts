import { minutes } from "@castle/regions/duration.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

export const enginesCatchUp: Step<Handover> = {
  name: "engines-catch-up",
  purpose: "Wait until the engines have applied every command of every stream.",
  timeout: minutes(5),
  ifItFails: failure(
    "Every acknowledged order is in the target's database; some are not matched yet. The gate stays closed, so that nobody trades on a book that is behind.",
    [
      "Look at `castle status` twice: a stream whose applied number grows is only slow, one that stands still has no engine at work.",
      "Restart the target's matching engines if one stands still: they go on behind the last command applied.",
      "Run the same command again: it waits on.",
    ],
  ),
  isDone: async (handover) => (await caughtUp(handover)) === true,
  run: (handover, at) => until(() => caughtUp(handover), at),
};

async function caughtUp({ to }: Handover): Promise<Finding> {
  const streams = await to.cell.database.streams();
  const behind = streams.filter(({ lastSeq, appliedSeq }) => appliedSeq < lastSeq);
  if (behind.length === 0) return true;
  const names = behind.map(({ stream, lastSeq, appliedSeq }) => `${stream} (${appliedSeq} of ${lastSeq})`);
  return {
    reached: streams.reduce((sum, { appliedSeq }) => sum + appliedSeq, 0),
    words: `the engines in ${to.region} are behind: ${names.join(", ")}`,
  };
}
