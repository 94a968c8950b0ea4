import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { textWidth } from "./axes.ts";
import type { Scale } from "./scale.ts";

/** What a row of a picture takes, and the bar in it, in user units. */
export const rowHeight = 24;
const barHeight = 14;

/** A row with a bar from one moment to another: its name on the left, how long it took behind the bar. */
export interface SpanRow {
  readonly name: string;
  readonly kind: "outage" | "step" | "failed";
  /** On the picture's time axis. */
  readonly from: number;
  readonly to: number;
  /** Written behind the bar; before it where there is no room. */
  readonly took: string;
  readonly title: string | null;
}

export interface RowPlace {
  readonly x: Scale;
  readonly top: number;
  /** Where names end, and the picture does. */
  readonly nameRight: number;
  readonly width: number;
}

export function spanRow({ name, kind, from, to, took, title }: SpanRow, place: RowPlace): Markup {
  const { x, top, nameRight, width } = place;
  const left = x(from);
  const wide = Math.max(2, x(to) - left);
  const after = left + wide + 6;
  const text =
    after + textWidth(took) > width ? { x: left - 6, anchor: "end" } : { x: after, anchor: "start" };
  return markup`<g class="row ${kind}">${title === null ? null : markup`<title>${title}</title>`}${rowName(name, { top, nameRight })}<rect x="${left}" y="${top + 3}" width="${wide}" height="${barHeight}" rx="2"/><text class="took" x="${text.x}" y="${top + 14}" text-anchor="${text.anchor}">${took}</text></g>`;
}

export const rowName = (name: string, { top, nameRight }: Pick<RowPlace, "top" | "nameRight">): Markup =>
  markup`<text class="name" x="${nameRight}" y="${top + 14}" text-anchor="end">${name}</text>`;
