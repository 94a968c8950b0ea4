import { z } from "zod";

const at = z.number().int();
const step = z.string().min(1);
const ms = z.number().nonnegative();
const facts = z.record(z.string(), z.unknown());

/**
 * Everything that happens to an execution, in the words of its record: a line of JSON each. The same events drive the
 * terminal and the report. `at` is in milliseconds since 1970, `ms` a duration in milliseconds.
 */
export const executionEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("started"), at, id: z.string().min(1), runbook: step, plan: facts }),
  /** Another run goes on with the execution, `from` the top (nothing irrevocable was done) or behind what is done. */
  z.object({ kind: z.literal("resumed"), at, from: z.enum(["top", "last-step"]), plan: facts }),
  z.object({ kind: z.literal("step-started"), at, step }),
  z.object({
    kind: z.literal("step-done"),
    at,
    step,
    how: z.enum(["done", "already-done"]),
    ms,
    facts: facts.optional(),
  }),
  z.object({
    kind: z.literal("step-failed"),
    at,
    step,
    how: z.enum(["failed", "timed-out"]),
    ms,
    error: z.string(),
    /** The runbook goes on without it. */
    tolerated: z.boolean(),
  }),
  z.object({ kind: z.literal("step-undone"), at, step }),
  z.object({ kind: z.literal("undo-failed"), at, step, error: z.string() }),
  /** The run ended and the execution did not: it can be continued. */
  z.object({ kind: z.literal("stopped"), at, because: z.string() }),
  z.object({
    kind: z.literal("finished"),
    at,
    outcome: z.enum(["done", "undone", "superseded"]),
    because: z.string().optional(),
  }),
]);

export type ExecutionEvent = z.infer<typeof executionEventSchema>;
export type EventOf<Kind extends ExecutionEvent["kind"]> = Extract<ExecutionEvent, { kind: Kind }>;
