import { regionNamed } from "@castle/regions/catalogue.ts";
import { readSettings } from "../../settings/settings.ts";
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
  const home = cells.find(({ settings }) => regionNamed(settings.region).purpose === "home");
  const peer = cells.find(({ settings }) => settings.peer?.stack === home?.settings.stack);
  if (!home || !peer || home.settings.environment !== peer.settings.environment) return null;
  return compare(
    { graph: home.graph, facts: factsOf(home.settings) },
    { graph: peer.graph, facts: factsOf(peer.settings) },
    allowedDifferences,
  );
}
