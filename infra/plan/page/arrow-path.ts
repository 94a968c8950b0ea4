import type { Place } from "./layout.ts";

/** The line from one box to another, as SVG draws it: out of the side that faces the other. Coordinates to the tenth. */
export function arrowPath(from: Place, to: Place): string {
  const [a, b] = [centre(from), centre(to)];
  if (Math.abs(a.y - b.y) < 1) return beside(from, to);
  const down = b.y > a.y;
  const start = { x: a.x + lean(a.x, b.x, from.width), y: down ? from.y + from.height : from.y };
  const end = { x: b.x + lean(b.x, a.x, to.width), y: down ? to.y : to.y + to.height };
  const bend = Math.max(18, Math.abs(end.y - start.y) * 0.45) * (down ? 1 : -1);
  return `M${n(start.x)} ${n(start.y)}C${n(start.x)} ${n(start.y + bend)} ${n(end.x)} ${n(end.y - bend)} ${n(end.x)} ${n(end.y)}`;
}

/** Neighbours on one floor: straight where nothing stands between them, over the top where something may. */
function beside(from: Place, to: Place): string {
  const right = to.x > from.x;
  const startX = right ? from.x + from.width : from.x;
  const endX = right ? to.x : to.x + to.width;
  if (Math.abs(endX - startX) < 60) {
    const y = n(from.y + from.height / 2);
    return `M${n(startX)} ${y}L${n(endX)} ${y}`;
  }
  const [a, b] = [centre(from), centre(to)];
  const rise = 14;
  const shift = right ? 12 : -12;
  return `M${n(a.x + shift)} ${n(from.y)}C${n(a.x + shift)} ${n(from.y - rise)} ${n(b.x - shift)} ${n(to.y - rise)} ${n(b.x - shift)} ${n(to.y)}`;
}

/** Lines to different boxes leave at different points. */
const lean = (mine: number, other: number, width: number): number =>
  Math.max(-width * 0.35, Math.min(width * 0.35, (other - mine) * 0.12));

const centre = ({ x, y, width, height }: Place) => ({ x: x + width / 2, y: y + height / 2 });

const n = (value: number): string => String(Math.round(value * 10) / 10);
