import { z } from "zod";

/** What a handover has to keep to. */
export const objectivesSchema = z.object({
  /** From the beginning of an outage until the target is open. */
  recoveryTimeSeconds: z.number().positive(),
  /** What may be lost at most: in acknowledged commands, or in time before the outage. */
  recoveryPointCommands: z.number().int().nonnegative().optional(),
  recoveryPointSeconds: z.number().nonnegative().optional(),
});

export type Objectives = z.infer<typeof objectivesSchema>;
