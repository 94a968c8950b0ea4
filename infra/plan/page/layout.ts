import type { Architecture, Box } from "./architecture.ts";
import { type Tier, tiers } from "./tiers.ts";

/** A place in the picture, in its own units. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Place {
  readonly stack: string;
}

export interface Row {
  readonly tier: Tier;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** A cell each. */
  readonly frames: readonly Frame[];
  /** What all cells share; null where no stack makes it. */
  readonly above: Place | null;
  /** Where each floor's name goes. */
  readonly rows: readonly Row[];
  /** By id of a box. */
  readonly places: ReadonlyMap<string, Place>;
}

const WIDTH = 1180;
const GAP = 28;
const PADDING = 16;
const BOX = { height: 46, gap: 12 } as const;
const HEADING = 48;
const ROW_NAME = 20;
const ROW_GAP = 30;

/** Puts the boxes on their floors: floors of the same name stand at the same height in every cell. */
export function layOut({ boxes }: Architecture, stacks: readonly string[]): Layout {
  const places = new Map<string, Place>();
  const rows: Row[] = [];
  const shared = boxes.filter(({ tier }) => tier === "global");
  let y = 0;
  let above: Place | null = null;
  if (shared.length > 0) {
    const bottom = placeRow(shared, { x: PADDING, y: HEADING, width: WIDTH - 2 * PADDING }, 6, places);
    above = { x: 0, y: 0, width: WIDTH, height: bottom + PADDING };
    y = above.height + GAP;
  }

  const frameWidth = (WIDTH - GAP * (stacks.length - 1)) / stacks.length;
  const across = Math.max(2, Math.floor(6 / stacks.length) + (stacks.length > 1 ? 1 : 0));
  const top = y;
  let at = top + HEADING;
  for (const tier of tiers.slice(1)) {
    const byStack = stacks.map((stack) => boxes.filter((box) => box.stack === stack && box.tier === tier));
    if (byStack.every((row) => row.length === 0)) continue;
    const bottoms = byStack.map((row, i) => {
      const x = i * (frameWidth + GAP) + PADDING;
      rows.push({ tier, x, y: at + 12 });
      return placeRow(row, { x, y: at + ROW_NAME, width: frameWidth - 2 * PADDING }, across, places);
    });
    at = Math.max(...bottoms) + ROW_GAP;
  }
  const height = at - ROW_GAP + PADDING;
  const frames = stacks.map((stack, i) => ({
    stack,
    x: i * (frameWidth + GAP),
    y: top,
    width: frameWidth,
    height: height - top,
  }));
  return { width: WIDTH, height, frames, above, rows, places };
}

/** Side by side, in as many lines as it takes. @returns where the last line ends */
function placeRow(
  row: readonly Box[],
  { x, y, width }: Omit<Place, "height">,
  across: number,
  places: Map<string, Place>,
): number {
  const lines = Math.max(1, Math.ceil(row.length / across));
  // As even as it goes: no line of one under a line of many.
  const columns = Math.max(1, Math.ceil(row.length / lines));
  const boxWidth = (width - BOX.gap * (columns - 1)) / columns;
  row.forEach((box, i) => {
    places.set(box.id, {
      x: x + (i % columns) * (boxWidth + BOX.gap),
      y: y + Math.floor(i / columns) * (BOX.height + BOX.gap),
      width: boxWidth,
      height: BOX.height,
    });
  });
  return y + lines * (BOX.height + BOX.gap) - BOX.gap;
}
