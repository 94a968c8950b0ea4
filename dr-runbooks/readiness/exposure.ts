import { seconds } from "@castle/regions/duration.ts";
import type { Mode } from "@castle/regions/role.ts";
import type { Told } from "../aws/lag-metrics.ts";
import { orUnreachable, type Unreachable } from "../cells/reachable.ts";
import type { Look } from "./look.ts";
import { tellSpan } from "./span.ts";
import { type Ends, furthest, missingFrom, tellEnds, total } from "./streams.ts";

/** What a takeover at this moment would lose of what was acknowledged. */
export interface Exposure {
  /** null: it cannot be counted. */
  readonly commands: number | null;
  readonly told: string;
}

const ANSWERED_WITHIN = seconds(5);
const LAG_WITHIN = seconds(1);

/** Where the databases cannot be asked, CloudWatch may have something to tell: in time, and not in commands. */
export async function exposureNow(world: Look): Promise<Exposure> {
  const found = await orUnreachable(measured(world), ANSWERED_WITHIN);
  if (!("unreachable" in found)) return judgeExposure(found);
  const lags = await orUnreachable(
    world.sides().then(({ peer }) => world.lags(peer)),
    LAG_WITHIN,
  );
  return judgeExposure({ ...found, lag: "unreachable" in lags ? null : lags.database });
}

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
export function judgeExposure(found: Found | (Unreachable & { readonly lag?: Told | null })): Exposure {
  if ("unreachable" in found)
    return { commands: null, told: `unknown: ${found.unreachable}${found.lag ? tellLag(found.lag) : ""}` };
  if (found.mode === "paired") return { commands: 0, told: "nothing that was acknowledged: paired" };
  const missing = missingFrom(found.held, found.accepted);
  const commands = total(missing);
  return {
    commands,
    told: commands === 0 ? "nothing at this moment, but the cell is solo" : `${tellEnds(missing)}: solo`,
  };
}

const tellLag = ({ value, secondsAgo }: Told): string =>
  `; CloudWatch told ${Math.round(value)} ms of replication lag ${tellSpan(secondsAgo)} ago`;
