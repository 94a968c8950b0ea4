import type { Column } from "./columns.ts";
import type { Scale } from "./scale.ts";

type Value = (column: Column) => number | null;

const centre = ({ startMs, endMs }: Column): number => (startMs + endMs) / 2;

/** A line through the columns' values, broken where there is none. A value alone between two breaks is a dot. */
export function linePath(columns: readonly Column[], value: Value, x: Scale, y: Scale): string {
  return runs(columns, value)
    .map((run) => {
      const points = run.map(([column, v]) => `${x(centre(column))},${y(v)}`);
      return `M${points.length === 1 ? `${points[0]}h0.1` : points.join("L")}`;
    })
    .join("");
}

/** Steps down to the scale's zero: one flat top a column. */
export function areaPath(columns: readonly Column[], value: Value, x: Scale, y: Scale): string {
  return runs(columns, (column) => value(column) || null)
    .map((run) => {
      const [first] = run[0] ?? [];
      const tops = run.map(([column, v]) => `V${y(v)}H${x(column.endMs)}`).join("");
      return first ? `M${x(first.startMs)},${y(0)}${tops}V${y(0)}Z` : "";
    })
    .join("");
}

function runs(columns: readonly Column[], value: Value): [Column, number][][] {
  const found: [Column, number][][] = [];
  let open: [Column, number][] | null = null;
  for (const column of columns) {
    const v = value(column);
    if (v === null) {
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      found.push(open);
    }
    open.push([column, v]);
  }
  return found;
}
