import { renderPages } from "@castle/dr-runbooks/pages/render.ts";
import { renderDrillPage } from "./page.ts";

/** Every page of docs/runbooks by its name: the runbooks' own, and the drill's, of which runbooks know nothing. */
export const allPages = (): ReadonlyMap<string, string> =>
  new Map([...renderPages(), ["drill.md", renderDrillPage()]]);
