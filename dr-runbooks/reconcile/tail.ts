import { z } from "zod";
import type { CommandDifference } from "./difference.ts";

/** The commands that only the old writer holds. Instants in milliseconds since 1970, by the old writer's clock. */
export const tailSchema = z.object({
  commands: z.number().int().nonnegative(),
  /** Of them, those that the survivor knows from elsewhere, the same in every byte: their clients sent them again. */
  again: z.number().int().nonnegative(),
  firstAcceptedAt: z.number().nullable(),
  lastAcceptedAt: z.number().nullable(),
});

export type Tail = z.infer<typeof tailSchema>;

export const NO_TAIL: Tail = { commands: 0, again: 0, firstAcceptedAt: null, lastAcceptedAt: null };

/** The tail with one more difference looked at. Pure. */
export function withCommand(tail: Tail, { holds, command, elsewhere }: CommandDifference): Tail {
  if (holds !== "only-old-writer") return tail;
  const at = Number(command.accepted_at);
  return {
    commands: tail.commands + 1,
    again: tail.again + (elsewhere?.sameBody ? 1 : 0),
    firstAcceptedAt: Math.min(tail.firstAcceptedAt ?? at, at),
    lastAcceptedAt: Math.max(tail.lastAcceptedAt ?? at, at),
  };
}
