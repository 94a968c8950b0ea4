import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { until } from "../processes/until.ts";
import { now } from "../traders/clock.ts";
import { allRecords } from "../traders/json-lines.ts";
import type { RecordTypes } from "../traders/records.ts";
import type { Act } from "./acts.ts";
import { exposureOf } from "./looks.ts";
import { type Observation, observation } from "./observation.ts";

export const FALSE_YES = "Acknowledged as paired, and not held by the peer";

/** It asks for it after two seconds in the lab; the rest is for slow machines. */
const SOLO_WITHIN_MS = 60_000;

type Told = Pick<RecordTypes["acknowledgements"], "t" | "kind" | "symbol" | "orderId">;

/**
 * Weighs the orders that traders were told of while the cells were paired against what the peer holds.
 * @param pairedUntil a moment at which the witness still said `paired`; milliseconds since 1970
 * @param held how far the peer holds each stream; null when it could not be asked, and so vouches for nothing
 */
export function weighed(
  acknowledged: readonly Told[],
  pairedUntil: number,
  held: ReadonlyMap<string, number> | null,
): Observation {
  const told = acknowledged.filter(
    ({ t, kind, orderId }) => t <= pairedUntil && kind === "place" && orderId !== null,
  );
  const missing = told.filter(({ symbol, orderId }) => (held?.get(symbol) ?? 0) < (orderId ?? 0));
  return observation(FALSE_YES, {
    wanted: "0 of some",
    found: `${missing.length} of ${told.length}`,
    ok: told.length > 0 && missing.length === 0,
  });
}

/**
 * Until the cell goes on alone, with the witness's leave. Whatever it acknowledged before, the peer must hold, in journal
 * and database together.
 */
export const soloWithoutFalseYes = (peer: CellRegion): Act => ({
  kind: "act",
  name: "going solo, what the peer holds is weighed",
  play: async (stage) => {
    const { operator, signal } = stage;
    let pairedUntil = Number.NEGATIVE_INFINITY;
    await until(
      async () => {
        const askedAt = now();
        const { mode } = await operator.witness();
        if (mode === "paired") pairedUntil = askedAt;
        return mode === "solo";
      },
      { what: 'the witness to tell "solo"', withinMs: SOLO_WITHIN_MS, everyMs: 50, signal },
    );
    const { held } = await exposureOf(stage, peer);
    stage.later.push(async (records) =>
      weighed(
        await allRecords(records.folder, "acknowledgements"),
        pairedUntil,
        "unreachable" in held ? null : held,
      ),
    );
  },
});
