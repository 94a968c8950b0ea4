import { cellRegions, peerOf } from "@castle/regions/catalogue.ts";
import { epoch, epochSchema, nextEpoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord, WitnessRefusal } from "@castle/regions/witness/record.ts";
import { z } from "zod";
import type { ExecutionState } from "../engine/state.ts";
import { TAKE_THE_ROLE } from "../steps/take-the-role.ts";
import type { CellRegion } from "../target.ts";

const cellRegion = z.enum(cellRegions);

export const handoverKinds = ["failover", "switchover"] as const;
export type HandoverKind = (typeof handoverKinds)[number];

/** What a handover is to do. Stands in the execution's record, and never changes but for the consent and the hold. */
export const handoverPlanSchema = z.object({
  kind: z.enum(handoverKinds),
  from: cellRegion,
  to: cellRegion,
  /** The epoch that the handover begins. */
  epoch: epochSchema,
  /** Loss may be consented to: out of solo, or past a fence that cannot be confirmed, somebody is asked. */
  consentToLoss: z.boolean(),
  /** Somebody has to agree before everybody may trade. */
  hold: z.boolean().default(false),
  /** An earlier execution took this role already, and this one finishes what it began: its id. */
  continues: z.string().nullable(),
});

export type HandoverPlan = z.infer<typeof handoverPlanSchema>;

export interface HandoverRequest {
  readonly kind: HandoverKind;
  readonly to: CellRegion;
  readonly consentToLoss: boolean;
  readonly hold?: boolean;
}

export type HandoverDecision =
  | { readonly kind: "start"; readonly plan: HandoverPlan; readonly superseded: readonly string[] }
  /** An execution for this very handover was begun and not finished. */
  | {
      readonly kind: "resume";
      readonly id: string;
      readonly plan: HandoverPlan;
      /** Whether the role was taken: then it goes on behind the last step that is done, else from the top. */
      readonly from: "top" | "last-step";
      readonly superseded: readonly string[];
    }
  | {
      readonly kind: "refuse";
      readonly refusal: WitnessRefusal | "unfinished-failover";
      readonly because: string;
    };

/**
 * Decides what a request for a handover comes to, against the witness's record and the executions that are not
 * finished: continue one of them, begin anew, or refuse. Pure.
 */
export function planHandover(
  request: HandoverRequest,
  record: WitnessRecord,
  executions: readonly ExecutionState[],
): HandoverDecision {
  const open = executions.filter((execution) => !execution.finished).flatMap(unfinished);
  const standing = open.map((execution) => ({ ...execution, stands: standingOf(execution, record) }));
  const superseded = standing.filter(({ stands }) => stands === "superseded").map(({ id }) => id);
  const sameTo = standing.filter(({ plan }) => plan.to === request.to);

  const holders = sameTo.filter(({ stands }) => stands === "taken");
  const taken = holders.find(({ plan }) => plan.kind === request.kind) ?? holders[0];
  if (taken) return continueTaken(request, taken, superseded);
  if (record.activeRegion === request.to)
    return refuse(
      "already-active-there",
      `${request.to} is the active region of epoch ${record.epoch} already (so says the witness; changed last by ${record.changedBy})`,
    );
  if (record.mode === "solo" && !request.consentToLoss)
    return refuse(
      "solo-needs-consent",
      `epoch ${record.epoch} is solo: commands may exist in ${record.activeRegion} alone; handing over needs explicit consent to lose them`,
    );
  const begun = sameTo.find(
    (execution) => execution.stands === "begun" && execution.plan.kind === request.kind,
  );
  const plan: HandoverPlan = {
    ...request,
    from: peerOf(request.to),
    epoch: nextEpoch(record.epoch),
    hold: request.hold || (begun?.plan.hold ?? false),
    continues: null,
  };
  return begun
    ? { kind: "resume", id: begun.id, plan, from: "top", superseded }
    : { kind: "start", plan, superseded };
}

interface Unfinished {
  readonly id: string;
  readonly plan: HandoverPlan;
  /** Its record tells that it took the role. */
  readonly tookTheRole: boolean;
}

/** Executions of other runbooks are none of this one's business. */
function unfinished(execution: ExecutionState): Unfinished[] {
  const plan = handoverPlanSchema.safeParse(execution.plan);
  if (!plan.success) return [];
  const tookTheRole = execution.settled.some(({ step }) => step === TAKE_THE_ROLE);
  return [{ id: execution.id, plan: plan.data, tookTheRole }];
}

/**
 * - `begun`: the role it is to take is still to be had.
 * - `taken`: it took the role, and nobody has since.
 * - `superseded`: the role went elsewhere.
 */
function standingOf(
  { id, plan, tookTheRole }: Unfinished,
  record: WitnessRecord,
): "begun" | "taken" | "superseded" {
  const theirs = record.changedBy === id || record.changedBy === plan.continues || tookTheRole;
  if (record.epoch === plan.epoch && record.activeRegion === plan.to && theirs) return "taken";
  return record.epoch === epoch(plan.epoch) - 1 ? "begun" : "superseded";
}

function continueTaken(
  request: HandoverRequest,
  { id, plan }: Unfinished,
  superseded: readonly string[],
): HandoverDecision {
  const consentToLoss = request.consentToLoss || plan.consentToLoss;
  const hold = request.hold || plan.hold;
  if (plan.kind === request.kind)
    return { kind: "resume", id, plan: { ...plan, consentToLoss, hold }, from: "last-step", superseded };
  // A switchover whose old cell died on the way cannot go on; the failover finishes what it began, in its epoch.
  if (request.kind === "failover")
    return {
      kind: "start",
      plan: { ...plan, kind: "failover", consentToLoss, hold, continues: id },
      superseded: [...superseded, id],
    };
  return refuse(
    "unfinished-failover",
    `failover ${id} has taken the role for ${plan.to} and is not finished: continue it with castle failover --to ${plan.to}`,
  );
}

const refuse = (refusal: WitnessRefusal | "unfinished-failover", because: string): HandoverDecision => ({
  kind: "refuse",
  refusal,
  because,
});
