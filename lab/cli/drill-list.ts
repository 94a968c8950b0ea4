import { aliases, scenarioNames } from "../drill/scenario-names.ts";
import { scenarios } from "../drill/scenarios.ts";

/** What `castle drill --list` tells of one story. */
export interface ListedScenario {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly happens: string;
  readonly holds: string;
}

export const listedScenarios = (): ListedScenario[] =>
  scenarioNames.map((name) => ({
    name,
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === name),
    happens: scenarios[name].happens,
    holds: scenarios[name].holds,
  }));

/** For people: the name, what happens, and what must hold. */
export const listText = (listed: readonly ListedScenario[]): string =>
  `${listed
    .map(({ name, aliases: others, happens, holds }) =>
      [
        `${name}${others.length > 0 ? ` (also: ${others.join(", ")})` : ""}`,
        `  what happens    ${happens}`,
        `  what must hold  ${holds}`,
      ].join("\n"),
    )
    .join("\n")}\n`;
