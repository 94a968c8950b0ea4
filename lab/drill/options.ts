import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { type Sabotage, sabotages } from "@castle/dr-runbooks/report/report.ts";
import { symbols as everySymbol } from "@castle/services/kernel/domain/symbols.ts";
import { z } from "zod";
import { type ScenarioName, scenarioNames, withoutAlias } from "./scenario-names.ts";
import { scenarios } from "./scenarios.ts";

/** What a drill is asked for. */
export interface DrillOptions {
  readonly scenario: ScenarioName;
  /** The mechanism to break first, to see whether the audit notices; null for an honest drill. */
  readonly sabotage: Sabotage | null;
  /** Requests a second, all traders together. */
  readonly rps: number;
  /** Length of each phase of steady load. */
  readonly seconds: number;
  /** Of everything the traders choose: the same seed, the same requests. */
  readonly seed: number;
  /** Names of the markets traded. */
  readonly symbols: readonly string[];
  /** Round-trip time between the regions. */
  readonly rttMs: number;
  readonly accounts: number;
  /** Whether limits of speed count for the verdict. */
  readonly judgeSpeed: boolean;
}

/** Something in the options is not as it must be. The message lists every mistake, a line each. */
export class BadDrillOptions extends UsageError {
  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"));
    this.name = "BadDrillOptions";
  }
}

const whole = (name: string, least: number, most: number) => {
  const wanted = `${name} must be a whole number from ${least} to ${most}`;
  return z.coerce.number(wanted).int(wanted).min(least, wanted).max(most, wanted);
};

const oneOf = <Name extends string>(name: string, names: readonly Name[]) =>
  z.enum(names, `${name} must be one of ${names.join(", ")}`);

const asked = z
  .strictObject({
    scenario: z.preprocess(withoutAlias, oneOf("scenario", scenarioNames).optional()),
    break: oneOf("break", sabotages).optional(),
    rps: whole("rps", 10, 5_000).optional(),
    seconds: whole("seconds", 2, 3_600).optional(),
    seed: whole("seed", 0, 2 ** 31 - 1).optional(),
    symbols: whole("symbols", 1, everySymbol.length).optional(),
    rtt: whole("rtt", 0, 1_000).optional(),
    accounts: whole("accounts", 2, 2_000).optional(),
    judgeSpeed: z.boolean().optional(),
  })
  .refine(
    ({ scenario, break: broken }) => scenario === undefined || broken === undefined || scenario === broken,
    {
      error: ({ input }) => {
        const { scenario, break: broken } = input as { scenario: string; break: string };
        return `break "${broken}" plays the scenario "${broken}", not "${scenario}": leave scenario out`;
      },
    },
  );

export type AskedDrill = z.input<typeof asked>;

/**
 * Fills in what was not asked for, from the scenario's own defaults.
 * @throws BadDrillOptions naming every mistake
 */
export function drillOptions(input: Readonly<Record<string, unknown>>): DrillOptions {
  const parsed = asked.safeParse(input);
  if (!parsed.success) throw new BadDrillOptions(parsed.error.issues.map(({ message }) => message));
  const { data } = parsed;
  const scenario = data.scenario ?? data.break ?? "region-loss";
  const { defaults } = scenarios[scenario];
  return {
    scenario,
    sabotage: data.break ?? null,
    rps: data.rps ?? defaults.rps,
    seconds: data.seconds ?? defaults.seconds,
    seed: data.seed ?? Math.floor(Math.random() * 2 ** 31),
    symbols: everySymbol.slice(0, data.symbols ?? 3).map(({ name }) => name),
    rttMs: data.rtt ?? 20,
    accounts: data.accounts ?? defaults.accounts,
    judgeSpeed: data.judgeSpeed ?? defaults.judgeSpeed,
  };
}
