import { seconds } from "@castle/regions/duration.ts";
import { perform } from "./perform.ts";
import type { At } from "./step.ts";

/** When a part of a runbook is carried out. While it does not hold, the part is passed over. */
export interface Condition<Context> {
  /** Ends a sentence that begins with "only if": `the record is solo`. */
  readonly words: string;
  /** Looks, and changes nothing. */
  readonly holds: (context: Context, at: At) => Promise<boolean>;
}

/** Long enough for a connection to be made again; nothing is done before the answer. */
const PATIENCE = seconds(15);

/** Whether the condition of the part holds now. @throws Error when that cannot be found out. */
export async function conditionHolds<Context>(
  part: { readonly name: string; readonly when?: Condition<Context> },
  context: Context,
): Promise<boolean> {
  const { name, when } = part;
  if (!when) return true;
  return measured(`whether ${when.words} (of ${name})`, (at) => when.holds(context, at));
}

/** Looks as a step does: what passes by itself is tried again for a while. @throws Error that names what was looked for */
export async function measured<Found>(what: string, look: (at: At) => Promise<Found>): Promise<Found> {
  const found: Found[] = [];
  const run = async (_: unknown, at: At): Promise<void> => {
    found.push(await look(at));
  };
  const result = await perform({ name: what, purpose: "Look.", timeout: PATIENCE, run }, undefined);
  const last = found.at(-1);
  if ("error" in result || last === undefined)
    throw new Error(
      `it cannot be found out ${what}: ${"error" in result ? result.error.message : "nothing was told"}`,
    );
  return last;
}
