import { type Markup, markup } from "@castle/regions/page/markup.ts";
import type { Architecture, Arrow, Box } from "./architecture.ts";
import { arrowPath } from "./arrow-path.ts";
import { type Layout, layOut, type Place } from "./layout.ts";

export interface Cell {
  readonly stack: string;
  /** Region and city, or what else tells where it is. */
  readonly where: string;
}

/** The architecture as SVG: boxes are links to what is in them, arrows point at what is needed. */
export function picture(architecture: Architecture, cells: readonly Cell[]): Markup {
  const layout = layOut(
    architecture,
    cells.map(({ stack }) => stack),
  );
  const boxById = new Map(architecture.boxes.map((box) => [box.id, box]));
  const whereOf = new Map(cells.map(({ stack, where }) => [stack, where]));
  const drawn = architecture.arrows.filter(
    ({ from, to }) => layout.places.has(from) && layout.places.has(to),
  );
  return markup`<svg class="architecture" viewBox="-2 -2 ${layout.width + 4} ${layout.height + 4}" role="img" aria-label="The components of ${cells.map(({ stack }) => stack).join(" and ")}, and what needs what">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.8L7.4 4L0 7.2z"/></marker></defs>
${layout.above ? outline(layout.above, "above") : null}
${layout.frames.map((frame) => outline(frame, "cell"))}
<g class="arrows">${drawn.map((arrow) => line(arrow, layout, boxById))}</g>
${layout.above ? heading(layout.above, "Global tier", "made by the stack of the home cell, for both") : null}
${layout.frames.map((frame) => heading(frame, frame.stack, whereOf.get(frame.stack) ?? ""))}
${layout.rows.map(({ tier, x, y }) => markup`<text class="row" x="${x}" y="${y}">${tier}</text>`)}
${architecture.boxes.map((box) => shape(box, layout.places.get(box.id)))}
</svg>`;
}

const outline = ({ x, y, width, height }: Place, kind: string): Markup =>
  markup`<rect class="frame ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="14"/>`;

const heading = ({ x, y }: Place, title: string, note: string): Markup =>
  markup`<text class="heading" x="${x + 16}" y="${y + 26}"><tspan class="title">${title}</tspan><tspan class="note" dx="10">${note}</tspan></text>`;

/** Everything stands on the ground, and what does is beside all: lines there are shown when they are asked for. */
function line(
  { from, to, count, what }: Arrow,
  { places }: Layout,
  boxes: ReadonlyMap<string, Box>,
): Markup | null {
  const [a, b] = [places.get(from), places.get(to)];
  if (!a || !b) return null;
  const atGround = [from, to].some((id) => boxes.get(id)?.tier === "ground");
  const kind = what !== null ? "between" : atGround ? "quiet" : "plain";
  const told = `${boxes.get(from)?.label} → ${boxes.get(to)?.label}: ${what ?? `${count} ${count === 1 ? "dependency" : "dependencies"}`}`;
  return markup`<path class="arrow ${kind}" data-from="${from}" data-to="${to}" d="${arrowPath(a, b)}" marker-end="url(#tip)"><title>${told}</title></path>`;
}

function shape({ id, label, resources, tier }: Box, place: Place | undefined): Markup | null {
  if (!place) return null;
  const { x, y, width, height } = place;
  const count = `${resources.length} ${resources.length === 1 ? "resource" : "resources"}`;
  return markup`<a class="box ${tier.replace(" ", "-")}" href="#inside" data-box="${id}" aria-label="${label}: ${count}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text class="name" x="${x + 10}" y="${y + 20}">${label}</text><text class="count" x="${x + 10}" y="${y + 36}">${count}</text></a>`;
}
