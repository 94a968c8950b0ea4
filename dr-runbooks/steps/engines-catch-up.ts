import { minutes } from "@castle/regions/duration.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const enginesCatchUp: Step<Handover> = {
  name: "engines-catch-up",
  purpose: "Wait until the engines have applied every command of every stream.",
  timeout: minutes(5),
  isDone: async (handover) => (await caughtUp(handover)) === true,
  run: (handover, at) => until(() => caughtUp(handover), at),
};

async function caughtUp({ to }: Handover): Promise<Finding> {
  const behind = (await to.cell.database.streams()).filter(({ lastSeq, appliedSeq }) => appliedSeq < lastSeq);
  if (behind.length === 0) return true;
  const names = behind.map(({ stream, lastSeq, appliedSeq }) => `${stream} (${appliedSeq} of ${lastSeq})`);
  return `the engines in ${to.region} are behind: ${names.join(", ")}`;
}
