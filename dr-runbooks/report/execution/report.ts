import { z } from "zod";
import { callSchema, lookedSchema } from "../../engine/event.ts";
import { whoSchema } from "../../engine/who.ts";
import { objectivesSchema } from "../../objectives.ts";

/**
 * The report of one execution, made of its record alone: what an auditor is handed. Instants in milliseconds since 1970,
 * spans in milliseconds.
 */
const at = z.number().int();
const ms = z.number().nonnegative();
const count = z.number().int().nonnegative();

const step = z.strictObject({
  name: z.string().min(1),
  purpose: z.string(),
  outcome: z.string().min(1),
  startedAt: at.nullable(),
  ms: ms.nullable(),
  /** The median of the last times it did its work, this one not among them; null when there were none. */
  usualMs: ms.nullable(),
  calls: count,
  facts: z.record(z.string(), z.unknown()),
  /** Why it failed, or was skipped. */
  error: z.string().nullable(),
});

/** One process at work on it, from its start until it ended or the execution did. */
const run = z.strictObject({
  by: whoSchema.nullable(),
  startedAt: at,
  endedAt: at,
  how: z.enum(["finished", "stopped", "killed", "running"]),
  because: z.string().nullable(),
  /** `endedAt` is null of a step that the run's end cut off. */
  steps: z.array(
    z.strictObject({ name: z.string().min(1), startedAt: at, endedAt: at.nullable(), outcome: z.string() }),
  ),
  /** What happened at one moment: a changing call, an approval. */
  marks: z.array(z.strictObject({ at, step: z.string().nullable(), what: z.string() })),
});

/** Somebody was asked to agree, agreed, or did not; or nobody had to be asked. */
const approval = z.strictObject({
  at,
  what: z.string().min(1),
  answer: z.enum(["asked", "given", "refused", "not-needed"]),
  by: z.string().nullable(),
  /** How it was given: typed at a terminal, in a signed file, by an option. */
  how: z.string(),
  because: z.string().nullable(),
  /** What was shown to whoever answered, a line each. */
  figures: z.array(z.string()),
});

/** What came of an objective: `met` is null when it cannot be said, `counted` tells from when to when, or out of what. */
const achieved = { met: z.boolean().nullable(), counted: z.string() };
const recoveryTime = z.strictObject({ wantedMs: ms.nullable(), foundMs: ms.nullable(), ...achieved });
const recoveryPoint = z.strictObject({
  /** Acknowledged commands that may be lost, or time. */
  wanted: z.strictObject({ commands: count.nullable(), seconds: z.number().nonnegative().nullable() }),
  /**
   * `proved`: none is, by what the record shows. `measured`: by a reconciliation with the old writer. `bounded`: by what
   * was known when loss was consented to. `unknown` until a reconciliation.
   */
  how: z.enum(["proved", "measured", "bounded", "unknown"]),
  /** Acknowledged commands that are: proved, or measured. */
  lost: count.nullable(),
  /**
   * As known at `measuredAt`, when loss was consented to: commands that the target lacked then, how long the old cell was
   * alone, how far the target's database was behind; each null when it is not known. Null unless bounded.
   */
  bound: z
    .strictObject({
      commands: count.nullable(),
      soloSeconds: z.number().nonnegative().nullable(),
      lagMs: ms.nullable(),
      measuredAt: at,
    })
    .nullable(),
  /** What it rests on, in sentences. */
  because: z.array(z.string()),
  ...achieved,
});

/** The record's copy in a bucket, as seen when the report was made. */
const copy = z.strictObject({
  region: z.string().min(1),
  bucket: z.string().min(1),
  /** Lines that are there, each following on the one before; null when it was not seen. */
  lines: count.nullable(),
  /** Lines of the record. */
  of: count,
  complete: z.boolean().nullable(),
  /** When the first lock of a line ends; null when not every line has one. */
  lockedUntil: at.nullable(),
  /** Of Object Lock. */
  modes: z.array(z.string()),
  problem: z.string().nullable(),
});

export const executionReportSchema = z.strictObject({
  format: z.literal(1),
  madeAt: at,
  target: z.strictObject({ name: z.string(), kind: z.enum(["lab", "aws"]) }),
  id: z.string().min(1),
  runbook: z.string().min(1),
  purpose: z.string(),
  standing: z.enum([
    "running",
    "waiting",
    "stopped",
    "paused",
    "killed",
    "done",
    "undone",
    "superseded",
    "canceled",
  ]),
  /** What became of it, in one sentence. */
  verdict: z.string().min(1),
  because: z.string().nullable(),
  /** Regions and epoch, as far as the runbook has them. */
  from: z.string().nullable(),
  to: z.string(),
  epoch: count,
  startedAt: at,
  endedAt: at.nullable(),
  objectives: objectivesSchema.nullable(),
  /** Both are null of a runbook that hands nothing over. */
  recoveryTime: recoveryTime.nullable(),
  recoveryPoint: recoveryPoint.nullable(),
  /** Commands that came out of the journal. */
  replayed: count,
  runs: z.array(run),
  steps: z.array(step),
  approvals: z.array(approval),
  actors: z.array(z.strictObject({ at, who: z.string(), did: z.string() })),
  calls: z.array(callSchema),
  /** Which calls are not among them, and why. */
  notListed: z.array(z.string()),
  copies: z.array(copy),
  readiness: z.strictObject({ before: lookedSchema.nullable(), after: lookedSchema.nullable() }),
  evidence: z.strictObject({
    /** SHA-256 of the execution's id: what the chain's first line follows. */
    root: z.string(),
    /** The hash of the last line, which covers every line before. */
    head: z.string(),
    lines: count,
    /** Fingerprint of the key that signed them. */
    key: z.string().nullable(),
    holds: z.boolean(),
    problems: z.array(z.string()),
    command: z.string(),
  }),
});

export type ExecutionReport = z.infer<typeof executionReportSchema>;
export type ReportedRun = ExecutionReport["runs"][number];
export type ReportedStep = ExecutionReport["steps"][number];
export type ReportedApproval = ExecutionReport["approvals"][number];
export type ReportedCopy = ExecutionReport["copies"][number];
export type RecoveryTime = NonNullable<ExecutionReport["recoveryTime"]>;
export type RecoveryPoint = NonNullable<ExecutionReport["recoveryPoint"]>;
