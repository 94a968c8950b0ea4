import type { Approver } from "../engine/approval.ts";
import { whoActs } from "../engine/who.ts";
import { unattendedOf } from "../runbooks/unattended.ts";
import type { Target } from "../target.ts";
import { SomebodyMustAgree } from "./somebody-must-agree.ts";

/** @throws SomebodyMustAgree for a target that is no lab, unless the runbook may be run unattended anywhere. Pure. */
export function requireUnattended(runbook: string, target: Pick<Target, "kind" | "name">): void {
  const unattended = unattendedOf(runbook);
  if (target.kind === "lab" || unattended?.anywhere) return;
  throw new SomebodyMustAgree(runbook, target.name, unattended?.because ?? "nobody has said that it may be.");
}

/**
 * Agrees, before anybody is asked, to whatever may be agreed to so: for drills and scripts.
 * @throws SomebodyMustAgree
 */
export function agreesAhead(runbook: string, target: Pick<Target, "kind" | "name">): Approver {
  requireUnattended(runbook, target);
  return ({ ahead }) => (ahead ? Promise.resolve({ agreed: true, how: "flag", by: whoActs() }) : null);
}
