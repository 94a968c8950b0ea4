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

export async function exposureNow(world: Look): Promise<Exposure> {
  const found = await orUnreachable(
    (async () => {
      const [{ record }, { active, peer }] = await Promise.all([world.witness(), world.sides()]);
      if (record.mode === "paired" && (await world.role(active)).durability === "paired")
        return { mode: "paired" as const };
      const [accepted, marks, received] = await Promise.all([
        world.ends(active),
        world.marks(peer),
        world.ends(peer),
      ]);
      return { mode: "solo" as const, accepted, held: furthest(marks, received) };
    })(),
  );
  return judgeExposure(found);
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
