import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatCount, formatMs } from "../format.ts";
import type { Scale } from "./scale.ts";

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The lines and numbers of a panel's value axis, and its heading. */
export function valueAxis(frame: Frame, y: Scale, heading: string, format = formatCount): Markup {
  return markup`<text class="heading" x="${frame.left}" y="${frame.top - 8}">${heading}</text>${y.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${frame.left - 8}" y="${y(tick) + 4}" text-anchor="end">${format(tick)}</text>`,
  )}`;
}

/** `1 ms`, `10 ms`, `1 s`: the decades of a latency axis. */
export const formatDecade = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);

/** Seconds along the foot of a picture, counted from `zeroMs`. */
export function timeAxis(x: Scale, y: number, zeroMs: number): Markup {
  return markup`${x.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${y}" y2="${y + 5}"/><text class="tick" x="${x(tick)}" y="${y + 18}" text-anchor="middle">${formatSeconds(tick - zeroMs)}</text>`,
  )}`;
}

const formatSeconds = (ms: number): string => `${Number((ms / 1_000).toFixed(2))} s`;

/** About how wide a text of the pictures is, in user units at 11 px: to see whether a label fits. */
export const textWidth = (text: string): number => text.length * 6.1;

/** A label where it fits in `width`, or nothing. Its full text always stands in the shape's title. */
export const fitting = (label: string, width: number): string =>
  textWidth(label) + 10 <= width ? label : "";

export const spanTitle = (name: string, startMs: number, endMs: number): string =>
  `${name}: from ${formatMs(startMs)}, for ${formatMs(endMs - startMs)}`;
