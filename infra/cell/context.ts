import type { Region } from "@castle/regions/catalogue.ts";
import type { Names } from "../names.ts";
import type { Settings } from "../settings/settings.ts";

/** What every part of a cell is told. */
export interface CellContext {
  readonly settings: Settings;
  readonly names: Names;
  readonly region: Region;
  /** The other cell's region; null while this cell stands alone. */
  readonly peer: Region | null;
  /** Whether this is the home cell: the one that is built first, and so makes the primary of what both share. */
  readonly home: boolean;
}
