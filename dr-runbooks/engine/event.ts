import { z } from "zod";
import { objectivesSchema } from "../objectives.ts";
import { whoSchema } from "./who.ts";

const at = z.number().int();
const step = z.string().min(1);
const ms = z.number().nonnegative();
const facts = z.record(z.string(), z.unknown());
/** SHA-256, hexadecimal. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Typed at the runner's terminal, in a file signed by an approver of the target, or given ahead with `--yes`. */
const how = z.enum(["terminal", "file", "flag"]);

/**
 * A call to AWS was answered, or given up: each that was made, except one under way when its runner was killed. Durable
 * with the next event that is.
 */
export const callSchema = z.object({
  kind: z.literal("call"),
  at,
  /** The step that made it; null of what is asked beside the steps, to connect early or to see how ready the peer is. */
  during: step.nullable(),
  service: z.string().min(1),
  operation: z.string().min(1),
  region: z.string().min(1),
  /** Changes nothing. */
  reads: z.boolean(),
  /** The target's own name for what it was about; nothing else of what a call carries is told. */
  resource: z.string().nullable(),
  ms,
  /** HTTP status; null when nothing answered. */
  status: z.number().int().nullable(),
  /** The error's name. */
  error: z.string().nullable(),
  requestId: z.string().nullable(),
});

/** How ready the peer was to take over: what the checks of readiness saw, before the first step and behind the last. */
export const lookedSchema = z.object({
  kind: z.literal("looked"),
  at,
  when: z.enum(["before", "after"]),
  /** When the look began, which may be before the execution did; and how long it took. */
  lookedAt: at,
  ms,
  ready: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string().min(1),
      severity: z.enum(["blocks", "warns"]),
      outcome: z.enum(["holds", "fails", "unknown", "not-configured"]),
      found: z.string(),
      wanted: z.string(),
    }),
  ),
  /** Of a failover at that moment; detection is null when the edge's settings could not be seen. */
  estimate: z.object({ detectionSeconds: z.number().nullable(), recoverySeconds: z.number() }),
  /** What a failover at that moment would have lost; null when it could not be counted. */
  exposure: z.object({ commands: z.number().int().nullable(), told: z.string() }),
});

/**
 * Everything that happens to an execution, in the words of its record: a line of JSON each. The same events drive the
 * terminal and the report. `at` is in milliseconds since 1970, `ms` a duration in milliseconds.
 */
export const executionEventSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("started"),
    at,
    id: z.string().min(1),
    runbook: step,
    plan: facts,
    by: whoSchema.optional(),
    /** What it had to keep to, where its target says so. */
    objectives: objectivesSchema.optional(),
    /** Fingerprint of the key that signs the record. */
    key: z.string().optional(),
  }),
  /** Another run goes on with the execution, `from` the top (nothing irrevocable was done) or behind what is done. */
  z.object({
    kind: z.literal("resumed"),
    at,
    from: z.enum(["top", "last-step"]),
    plan: facts,
    by: whoSchema.optional(),
  }),
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
    /**
     * `blocked`: its precondition did not hold, and the step did nothing. `unknown`: it was begun, and nobody can tell
     * whether it was done; the next attempt asks before anything.
     */
    how: z.enum(["failed", "timed-out", "blocked", "unknown"]),
    ms,
    error: z.string(),
    /** The runbook goes on without it. */
    tolerated: z.boolean(),
  }),
  /** An operator goes on without the step, for a reason. */
  z.object({
    kind: z.literal("step-skipped"),
    at,
    step,
    because: z.string().min(1),
    by: whoSchema.optional(),
  }),
  callSchema,
  lookedSchema,
  /** The condition of the part, in these words, does not hold: the run goes on without it. */
  z.object({
    kind: z.literal("passed-over"),
    at,
    part: step,
    of: z.enum(["step", "approval"]),
    condition: z.string().min(1),
  }),
  /** Somebody is asked to agree. `figures` are what was measured at `measuredAt`; an answer counts until `until`. */
  z.object({
    kind: z.literal("approval-asked"),
    at,
    approval: step,
    purpose: z.string(),
    figures: z.array(z.string()),
    /** The same as the figures, for machines. */
    measured: facts.optional(),
    measuredAt: at,
    until: at,
    digest,
  }),
  z.object({
    kind: z.literal("approval-given"),
    at,
    approval: step,
    how,
    by: whoSchema,
    /** The name under which the target lists the key, and its fingerprint. */
    approver: z.string().min(1).optional(),
    key: z.string().optional(),
    because: z.string().min(1).optional(),
    figures: z.array(z.string()),
    until: at,
    digest,
    /** Name of the signed file, when it was signed, and the signature: with the rest, what the approver signed. */
    file: z.string().optional(),
    signedAt: at.optional(),
    signature: z.string().optional(),
  }),
  /** Somebody did not agree; or, with a `file`, what it holds does not count, and the run waits on. */
  z.object({
    kind: z.literal("approval-refused"),
    at,
    approval: step,
    how,
    by: whoSchema.optional(),
    because: z.string(),
    file: z.string().optional(),
  }),
  /** Somebody asked the run to stop behind the step at work; "stopped" follows. */
  z.object({ kind: z.literal("paused"), at, because: z.string().min(1), by: whoSchema }),
  z.object({ kind: z.literal("step-undone"), at, step }),
  z.object({ kind: z.literal("undo-failed"), at, step, error: z.string() }),
  /** The run ended and the execution did not: it can be continued. */
  z.object({ kind: z.literal("stopped"), at, because: z.string() }),
  z.object({
    kind: z.literal("finished"),
    at,
    outcome: z.enum(["done", "undone", "superseded", "canceled"]),
    because: z.string().optional(),
    by: whoSchema.optional(),
  }),
]);

export type ExecutionEvent = z.infer<typeof executionEventSchema>;
export type EventOf<Kind extends ExecutionEvent["kind"]> = Extract<ExecutionEvent, { kind: Kind }>;

/** What a run tells before it acts or asks: whatever takes time of its own is begun behind it, beside the first step. */
export const isPrelude = ({ kind }: Pick<ExecutionEvent, "kind">): boolean => PRELUDE.has(kind);

const PRELUDE: ReadonlySet<ExecutionEvent["kind"]> = new Set(["started", "resumed", "looked", "call"]);
