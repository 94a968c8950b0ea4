import { regionNamed } from "@castle/regions/catalogue.ts";
import { readSettings, type Settings } from "../../settings/settings.ts";
import { ownConfig } from "../../settings/stack-file.ts";
import { allowedDifferences } from "../allowed-differences.ts";
import type { Program } from "../engine/preview-stack.ts";
import type { StackGraph } from "../graph/graph.ts";
import { type Comparison, compare } from "./compare.ts";
import { factsOf } from "./facts.ts";

/** Compares the stacks if they are the two cells of one platform; null otherwise. */
export function compareCells(programs: readonly Program[], graphs: readonly StackGraph[]): Comparison | null {
  const cells = programs.flatMap((program, i) => {
    const graph = graphs[i];
    return graph ? [{ settings: readSettings(program.stack, ownConfig(program.config)), graph }] : [];
  });
  const found = cellsAmong(cells);
  return (
    found &&
    compare(
      { graph: found.home.graph, facts: factsOf(found.home.settings) },
      { graph: found.peer.graph, facts: factsOf(found.peer.settings) },
      allowedDifferences,
    )
  );
}

/** The first two of the stacks that are the cells of one platform. */
export function cellsAmong<Stack extends { readonly settings: Settings }>(
  stacks: readonly Stack[],
): { readonly home: Stack; readonly peer: Stack } | null {
  for (const home of stacks) {
    const { stack, region, environment } = home.settings;
    if (regionNamed(region).purpose !== "home") continue;
    const peer = stacks.find(
      ({ settings }) => settings.peer?.stack === stack && settings.environment === environment,
    );
    if (peer) return { home, peer };
  }
  return null;
}
