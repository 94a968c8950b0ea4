import { seconds } from "@castle/regions/duration.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { tellSpan } from "../span.ts";

export const mode: Check = {
  name: "mode",
  why: "In solo a command may exist in the active region alone, and is lost with it.",
  mend: "Bring the peer's journal and database back into the active cell's reach; the matching engine then pairs them by itself within seconds.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const [{ record, changedAt }, { active }] = await Promise.all([world.witness(), world.sides()]);
    const { durability, gate } = await world.role(active);
    return judgeMode({ mode: record.mode, sinceSeconds: (world.at - changedAt) / 1_000, durability, gate });
  },
};

/** Pure. */
export function judgeMode(found: {
  readonly mode: Mode;
  readonly sinceSeconds: number;
  /** What acknowledgements of the active cell wait for. */
  readonly durability: Mode;
  readonly gate: Gate;
}): Verdict {
  const since = Math.max(0, found.sinceSeconds);
  const against = [
    ...(found.mode === "paired" ? [] : [`solo for ${tellSpan(since)}`]),
    ...(found.durability === "paired" ? [] : ["the active cell acknowledges solo"]),
    ...(found.gate === "open" ? [] : [`the active cell's gate is ${found.gate}`]),
  ];
  return judged(against, {
    found: `paired for ${tellSpan(since)}`,
    wanted: "paired in the witness and in the role row, gate open",
    ...(found.mode === "paired" ? { figures: { castle_paired_seconds: since } } : {}),
  });
}
