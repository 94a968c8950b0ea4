import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { z } from "zod";

export interface BenchOptions {
  /** Requests a second, one comparison each. */
  readonly rates: readonly number[];
  /** Of the measured window, and of the load before it. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly json: boolean;
  /** Whether a ratio beyond its limit is a failure. */
  readonly check: boolean;
  /** Folder for CPU profiles of the services; null: none are taken. */
  readonly profile: string | null;
}

const whole = (name: string, least: number, most: number) => {
  const expected = `--${name}: whole numbers from ${least} to ${most}`;
  return z.coerce.number<string>(expected).int(expected).min(least, expected).max(most, expected);
};

const given = z.object({
  rps: z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(whole("rps", 10, 5_000))),
  seconds: whole("seconds", 2, 600),
  warmUp: whole("warm-up", 1, 600),
  json: z.boolean().default(false),
  check: z.boolean().default(false),
  profile: z.string().min(1, "--profile: the name of a folder").nullable().default(null),
});

/** @param input as commander hands it over. @throws UsageError that lists every mistake */
export function readOptions(input: unknown): BenchOptions {
  const parsed = given.safeParse(input);
  if (!parsed.success) {
    const mistakes = new Set(parsed.error.issues.map(({ message }) => message));
    throw new UsageError([...mistakes].join("\n"));
  }
  const { rps, seconds, warmUp, json, check, profile } = parsed.data;
  return { rates: [...new Set(rps)], seconds, warmUpSeconds: warmUp, json, check, profile };
}
