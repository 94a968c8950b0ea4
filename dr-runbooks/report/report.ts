import { cellRegions } from "@castle/regions/catalogue.ts";
import { epochSchema } from "@castle/regions/epoch.ts";
import { z } from "zod";

/**
 * The report of a drill: what happened, when, and what the audit found. Every time is in milliseconds since
 * `startedAt`, the first scheduled request of the load; every span in milliseconds.
 */
const ms = z.number().nonnegative();
const count = z.number().int().nonnegative();
const region = z.enum(cellRegions);

/** null where nothing was acknowledged: no latency is not a good latency. */
const latency = z.strictObject({ p50: ms, p95: ms, p99: ms, max: ms }).nullable();

const requests = {
  sent: count,
  /** Commands that were told to be durable, at the first attempt or a later one. */
  acknowledged: count,
  /** Commands that were refused for a reason of their own, such as a cancel of a filled order. */
  refused: count,
  /** Queries that were answered. */
  answered: count,
  /** Requests whose first attempt brought no usable answer; a later one may have. */
  errors: count,
};

/** A stretch of undisturbed load: what the figures of `load` cover. */
const steadyPhase = z.strictObject({
  name: z.string().min(1),
  startMs: ms,
  endMs: ms,
  /** Of the requests scheduled in the phase. */
  ...requests,
  latencyMs: latency,
});

const load = z.strictObject({
  requestedRps: z.number().positive(),
  /** Over the whole drill, the handovers included. */
  ...requests,
  /** Commands whose fate nobody could learn, though they asked. */
  unresolved: count,
  /** Over the steady phases: every command that was acknowledged or refused, at the edge, from its scheduled send. */
  latencyMs: latency,
  steady: z.array(steadyPhase),
});

const step = z.strictObject({
  name: z.string().min(1),
  purpose: z.string(),
  startMs: ms,
  endMs: ms,
  outcome: z.enum([
    "done",
    "already-done",
    "skipped",
    "passed-over",
    "failed",
    "timed-out",
    "blocked",
    "unknown",
  ]),
  /** Why it failed or was skipped, where the runbook goes on without it; null for a step that is done. */
  error: z.string().nullable(),
});

/** What the record of an execution tells; the whole of it stands in a report of its own. */
const evidence = z.strictObject({
  execution: z.string().min(1),
  /** Hashes of the record's chain: of its name, and of its last line, which covers every line before. */
  root: z.string(),
  head: z.string(),
  lines: count,
  /** Every line is as it was written. */
  holds: z.boolean(),
  /** Approvals that were given. */
  approvals: count,
  /** Calls to AWS, and those of them that changed something. */
  calls: count,
  changes: count,
  /** Whether the peer was ready to take over, before and after; null where nobody looked. */
  readyBefore: z.boolean().nullable(),
  readyAfter: z.boolean().nullable(),
  /** Its own report, relative to this one; null when there is none. */
  report: z.string().nullable(),
});

const handover = z.strictObject({
  kind: z.enum(["failover", "switchover"]),
  from: region,
  to: region,
  /** The epoch that the handover began. */
  epoch: epochSchema,
  /** The longest time without any acknowledged command: from the last one before it to the first one after it. */
  clientGapMs: ms,
  outage: z.strictObject({ startMs: ms, endMs: ms }),
  /** From the start of the outage until answers came at the requested rate again; null if never. */
  fullRateMs: ms.nullable(),
  /** When each trader who asked for something since was served again, counted from the start of the outage. */
  traders: z.strictObject({ count, back: count, p50Ms: ms.nullable(), maxMs: ms.nullable() }),
  /** Commands the runbook brought from the journal into the promoted database. */
  replayed: count,
  /** In order, without a gap between them: they add up to the time from `startMs` to the end of the outage. */
  phasesMs: z.record(z.string().min(1), ms),
  /** When the first phase began: the fault, or the operator's command. */
  startMs: ms,
  steps: z.array(step),
  /** null when its record could not be read. */
  evidence: evidence.nullable(),
});

/** One column of the timeline: what completed within `bucketMs` from `t` on. */
const timelinePoint = z.strictObject({
  t: ms,
  ...requests,
  p50: ms.nullable(),
  p99: ms.nullable(),
});

const mark = z.strictObject({
  /** `act`: something the drill did or waited for. `fault`: what it broke. `steady`: undisturbed load. */
  kind: z.enum(["act", "fault", "steady"]),
  name: z.string().min(1),
  startMs: ms,
  endMs: ms,
});

const check = z.strictObject({
  name: z.string().min(1),
  wanted: z.string(),
  found: z.string(),
  /** Whether what was found is as wanted, judged or not. */
  ok: z.boolean(),
  /** Whether it counts for the verdict: figures of speed do not where something other than Castle held the machine. */
  judged: z.boolean(),
  /** Why it does not count; null when it does. */
  reason: z.string().nullable(),
});

/** What it was measured on. */
export const machineSchema = z.strictObject({
  cpus: count,
  model: z.string(),
  memoryBytes: count,
  system: z.string(),
});

/** Of what all cores together can do, or of the time. */
const share = z.number().min(0);

/** How the machine was used for a while, from its own accounts. null where its system does not tell. */
const machineUse = z.strictObject({
  cpu: z
    .strictObject({
      castle: share,
      /** In the kernel, on behalf of anybody. */
      kernel: share,
      /** By processes that are not Castle's. */
      others: share,
      /** What the host gave to others while there was work to do here. */
      stolen: share,
      idle: share,
      /** The largest shares within two seconds. */
      othersPeak: share,
      stolenPeak: share,
    })
    .nullable(),
  /** The programs behind `others` that used most. */
  largestOthers: z.array(z.strictObject({ program: z.string(), share })),
  /** Shares of the time in which something could not go on for want of a core, of a disk, of memory. */
  waiting: z.strictObject({ cpu: share.nullable(), io: share.nullable(), memory: share.nullable() }),
  /** How long small writes took to be on the disk. */
  fsyncMs: z.strictObject({ p50: ms, p99: ms }).nullable(),
  disk: z
    .strictObject({
      /** Mean at the disk itself; null when nothing was written. */
      msPerWrite: ms.nullable(),
      bytesPerSecond: z.number().nonnegative(),
      castleBytesPerSecond: z.number().nonnegative(),
    })
    .nullable(),
});

const machine = machineSchema.extend({
  /** Before the lab started; null when the drill was given a lab that ran already. */
  idle: machineUse.nullable(),
  /** While the lab started, and in each part of the story that lasted long enough to tell. */
  phases: z.array(z.strictObject({ name: z.string().min(1), durationMs: ms, use: machineUse })),
});

export const auditKeys = [
  "lostAcknowledged",
  "duplicatedEffects",
  "contradicted",
  "staleEpochAcknowledged",
  "seqGaps",
  "conserved",
  "negativeBalances",
] as const;

const audit = z.strictObject({
  lostAcknowledged: count,
  duplicatedEffects: count,
  contradicted: count,
  staleEpochAcknowledged: count,
  seqGaps: count,
  conserved: z.boolean(),
  negativeBalances: count,
  /** How many of each thing the audit looked at: a clean audit of nothing proves nothing. */
  checked: z.record(z.string().min(1), count),
  /** A few findings of each kind, for whoever investigates. */
  examples: z.array(z.strictObject({ of: z.enum(auditKeys), text: z.string() })),
});

export const sabotages = ["fence", "journal", "mark", "once", "ledger"] as const;

export const reportSchema = z.strictObject({
  format: z.literal(1),
  verdict: z.enum(["pass", "fail"]),
  scenario: z.string().min(1),
  /** What the scenario plays, in one sentence. */
  story: z.string(),
  /** The mechanism that was broken on purpose, to see whether the audit notices; null in an honest drill. */
  sabotage: z.enum(sabotages).nullable(),
  startedAt: z.iso.datetime(),
  /** The whole drill, with starting the lab and the audit. */
  durationMs: ms,
  /** From nothing until both cells were ready; null when the drill was given a lab that ran already. */
  labUpMs: ms.nullable(),
  seed: z.number().int(),
  rttMs: ms,
  options: z.strictObject({
    seconds: z.number().positive(),
    symbols: z.array(z.string()),
    accounts: count,
    /** Whether limits of speed count for the verdict; correctness always does. */
    judgeSpeed: z.boolean(),
  }),
  load,
  handovers: z.array(handover),
  timeline: z.strictObject({ bucketMs: z.number().positive(), points: z.array(timelinePoint) }),
  marks: z.array(mark),
  checks: z.array(check),
  audit,
  memory: z.strictObject({ peakBytes: count }),
  machine,
  versions: z.strictObject({
    castle: z.string(),
    node: z.string(),
    postgres: z.string(),
    redis: z.string(),
  }),
});

export type Report = z.infer<typeof reportSchema>;
export type Handover = Report["handovers"][number];
export type Evidence = NonNullable<Handover["evidence"]>;
export type HandoverStep = Handover["steps"][number];
export type SteadyPhase = Report["load"]["steady"][number];
export type TimelinePoint = Report["timeline"]["points"][number];
export type Mark = Report["marks"][number];
export type Check = Report["checks"][number];
export type Machine = z.infer<typeof machineSchema>;
export type MachineUse = z.infer<typeof machineUse>;
export type MachinePhase = Report["machine"]["phases"][number];
export type Audit = Report["audit"];
export type AuditKey = (typeof auditKeys)[number];
export type Latency = z.infer<typeof latency>;
export type Sabotage = (typeof sabotages)[number];
