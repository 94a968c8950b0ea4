import { seconds } from "@castle/regions/duration.ts";
import type { Mode } from "@castle/regions/role.ts";
import { orUnreachable, type Unreachable } from "../cells/reachable.ts";
import type { Look } from "./look.ts";
import { type Ends, furthest, missingFrom, tellEnds, total } from "./streams.ts";

/** What a takeover at this moment would lose of what was acknowledged. */
export interface Exposure {
  /** null: it cannot be counted. */
  readonly commands: number | null;
  readonly told: string;
}

const ANSWERED_WITHIN = seconds(5);

export const exposureNow = async (world: Look): Promise<Exposure> =>
  judgeExposure(await orUnreachable(measured(world), ANSWERED_WITHIN));

async function measured(world: Look): Promise<Found> {
  const [{ record }, { active, peer }] = await Promise.all([world.witness(), world.sides()]);
  if (record.mode === "paired" && (await world.role(active)).durability === "paired")
    return { mode: "paired" };
  const [accepted, marks, received] = await Promise.all([
    world.ends(active),
    world.marks(peer),
    world.ends(peer),
  ]);
  return { mode: "solo", accepted, held: furthest(marks, received) };
}

type Found =
  | { readonly mode: Extract<Mode, "paired"> }
  | { readonly mode: Extract<Mode, "solo">; readonly accepted: Ends; readonly held: Ends };

/** In paired nothing is acknowledged before the peer has it; in solo whatever the peer lacks may have been. Pure. */
export function judgeExposure(found: Found | Unreachable): Exposure {
  if ("unreachable" in found) return { commands: null, told: `unknown: ${found.unreachable}` };
  if (found.mode === "paired") return { commands: 0, told: "nothing that was acknowledged: paired" };
  const missing = missingFrom(found.held, found.accepted);
  const commands = total(missing);
  return {
    commands,
    told: commands === 0 ? "nothing at this moment, but the cell is solo" : `${tellEnds(missing)}: solo`,
  };
}
