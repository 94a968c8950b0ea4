import { z } from "zod";
import { seconds } from "../duration.ts";
import { type Epoch, epochSchema } from "../epoch.ts";

/**
 * For how long a claim that nobody renews keeps others out: they watch it stand unchanged for so long, each on its own
 * monotonic clock, so that no two machines' clocks need to agree. It is the longest that a dead operator's runbook can
 * delay a failover.
 */
export const CLAIM_LEASE = seconds(5);

/** How often a claim is renewed while its execution is at work: several times within the lease. */
export const CLAIM_RENEWED_EVERY = seconds(1);

/**
 * How much earlier its holder counts a claim as over than others do: what was asked of the witness, or begun, at the
 * last moment has then ended. A request to the witness takes no longer.
 */
export const CLAIM_MARGIN = seconds(1);

/** The process that runs the execution, told from every other on any machine. */
export const claimHolderSchema = z.object({
  user: z.string().min(1),
  host: z.string().min(1),
  pid: z.number().int().positive(),
  /** Clock ticks from the machine's start to the process's; null where the system does not tell. */
  startedTicks: z.number().nullable(),
  /** The machine, from this start of it to the next; null where the system does not tell. */
  machine: z.string().nullable(),
});

export type ClaimHolder = z.infer<typeof claimHolderSchema>;

export const executionClaimSchema = z.object({
  /** Id of the execution that may act, and no other. */
  execution: z.string().min(1),
  runbook: z.string().min(1),
  /** The epoch it starts from. */
  epoch: epochSchema,
  /** The epoch that it begins itself, as a handover does; null for an operation, which leaves the role where it is. */
  begins: epochSchema.nullable(),
  holder: claimHolderSchema,
  /** Tells this claim from any other of the same execution. */
  token: z.string().min(1),
  /** Since when it holds, and until when if it is not renewed; by the holder's clock, for people: milliseconds since 1970. */
  since: z.number().int().nonnegative(),
  leaseUntil: z.number().int().nonnegative(),
  /** The execution that asked the holder to stop and make room for it. */
  wantedBy: z.string().min(1).nullable(),
  /** Its holder has let it go. */
  released: z.boolean(),
});

/** Which execution is at work. There is one claim for all: executions act one after the other, on whatever cell. */
export type ExecutionClaim = z.infer<typeof executionClaimSchema>;

/** How a claim stands in the way of whoever wants the next one. */
export type ClaimStanding =
  /** Not at all: it was let go. */
  | "released"
  /** Not at all: its epoch is over, and whatever it was to do is history. */
  | "void"
  /** Not at all: its process has died, which is known since it ran on this machine. */
  | "dead"
  /** For as long as its lease runs. */
  | "held";

/**
 * @param now the witness's epoch. @param hasDied whether the process is known to have died. Pure.
 */
export function standingOf(
  claim: ExecutionClaim,
  now: Epoch,
  hasDied: (holder: ClaimHolder) => boolean,
): ClaimStanding {
  if (claim.released) return "released";
  if (isVoid(claim, now)) return "void";
  return hasDied(claim.holder) ? "dead" : "held";
}

/** Whether the claim's epoch is over. One that begins an epoch itself stays good in it. Pure. */
export const isVoid = ({ epoch, begins }: Pick<ExecutionClaim, "epoch" | "begins">, now: Epoch): boolean =>
  now > (begins ?? epoch);
