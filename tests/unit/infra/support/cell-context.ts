import { type CellRegion, regionNamed, regions } from "@castle/regions/catalogue.ts";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { namesOf } from "../../../../infra/names.ts";
import { readSettings, type Settings } from "../../../../infra/settings/settings.ts";
import { ownConfig, stackConfig } from "../../../../infra/settings/stack-file.ts";

/** What the parts of a stack's cell are told, by its own file; with other settings where a test wants them. */
export function contextOf(
  stack: string,
  change: (settings: Settings) => Settings = (same) => same,
): CellContext {
  const settings = change(readSettings(stack, ownConfig(stackConfig(stack))));
  const region = regionNamed(settings.region);
  return {
    settings,
    names: namesOf(settings),
    region,
    peer: settings.peer ? regions[settings.peer.region satisfies CellRegion] : null,
    home: region.purpose === "home",
  };
}
