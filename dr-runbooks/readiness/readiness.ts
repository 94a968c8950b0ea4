import { seconds } from "@castle/regions/duration.ts";
import type { Mode } from "@castle/regions/role.ts";
import { orUnreachable, type Unreachable } from "../cells/reachable.ts";
import { type ClaimTold, claimHeld } from "../engine/held-by.ts";
import { listExecutions } from "../engine/record.ts";
import type { CellRegion } from "../target.ts";
import { allChecks } from "./all-checks.ts";
import type { Check, Verdict } from "./check.ts";
import { detectionSeconds } from "./checks/edge-endpoints.ts";
import type { Connections } from "./connections.ts";
import { type Estimate, estimateRecovery } from "./estimate.ts";
import { type Exposure, exposureNow, judgeExposure } from "./exposure.ts";
import { Look } from "./look.ts";

/** A check with what it found. */
export interface CheckTold extends Verdict, Pick<Check, "name" | "why" | "mend" | "severity"> {
  /** How long it looked. */
  readonly ms: number;
}

/** Whether the peer could take over now, how long that would take, and what would be lost. */
export interface Readiness {
  readonly target: string;
  /** When the look began: milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  /** No check that blocks fails, and none is unknown. */
  readonly ready: boolean;
  /** Not even a warning: no check fails, and none is unknown. */
  readonly holds: boolean;
  /** As the witness has it; null while it does not answer. */
  readonly role: RoleTold | null;
  readonly checks: readonly CheckTold[];
  readonly estimate: Estimate;
  readonly exposure: Exposure;
}

export interface RoleTold {
  readonly epoch: number;
  readonly active: CellRegion;
  readonly peer: CellRegion;
  readonly mode: Mode;
  readonly sinceSeconds: number;
  /** Who may act at this moment; null when nobody is at work. */
  readonly claim: ClaimTold | null;
}

/** What is told beside the checks, and not seen by then, is left out. */
const ANSWERED_WITHIN = seconds(5);
/** A lab is on this machine: what has not answered by then is frozen or gone, however long AWS might take. */
const LAB_ANSWERS_WITHIN = seconds(6);

/**
 * Looks at everything at once, and changes nothing. Takes as long as the slowest check may, or until it is told to give
 * up: what has not been seen by then is unknown. Never rejects.
 */
export async function lookAtReadiness(
  connections: Connections,
  checks: readonly Check[] = allChecks,
  givesUp: Promise<Unreachable> = new Promise(() => undefined),
): Promise<Readiness> {
  const began = performance.now();
  const world = new Look(connections, Date.now());
  const seen = <Found>(found: Promise<Found>): Promise<Found | Unreachable> =>
    orUnreachable(Promise.race([found, givesUp]), ANSWERED_WITHIN);
  const [told, role, detection, past, exposure] = await Promise.all([
    Promise.all(checks.map((check) => perform(check, world, givesUp))),
    seen(roleNow(world)),
    seen(detectionNow(world)),
    seen(listExecutions(connections.target.runsFolder)),
    seen(exposureNow(world)),
  ]);
  return {
    ...{ target: connections.target.name, at: world.at, ms: Math.round(performance.now() - began) },
    ...summary(told),
    ...{ role: "unreachable" in role ? null : role, checks: told },
    exposure: "unreachable" in exposure ? judgeExposure(exposure) : exposure,
    estimate: estimateRecovery(
      "unreachable" in past ? [] : past,
      "unreachable" in detection ? null : detection.seconds,
    ),
  };
}

/** Pure. An unknown is never good enough, whatever the check's severity. */
export function summary(
  told: readonly Pick<CheckTold, "outcome" | "severity">[],
): Pick<Readiness, "ready" | "holds"> {
  const unknown = told.some(({ outcome }) => outcome === "unknown");
  const failing = told.filter(({ outcome }) => outcome === "fails");
  return {
    ready: !unknown && failing.every(({ severity }) => severity === "warns"),
    holds: !unknown && failing.length === 0,
  };
}

async function perform(
  { look, deadline, ...check }: Check,
  world: Look,
  givesUp: Promise<Unreachable>,
): Promise<CheckTold> {
  const began = performance.now();
  const seen = await orUnreachable(
    // A look that throws before it waits for anything is as unknown as one that rejects.
    Promise.race([(async () => look(world))(), givesUp]),
    world.target.kind === "lab" && deadline.ms > LAB_ANSWERS_WITHIN.ms ? LAB_ANSWERS_WITHIN : deadline,
  );
  const verdict: Verdict =
    "unreachable" in seen ? { outcome: "unknown", found: seen.unreachable, wanted: "an answer" } : seen;
  const { name, why, mend, severity } = check;
  return { name, why, mend, severity, ...verdict, ms: Math.round(performance.now() - began) };
}

async function roleNow(world: Look): Promise<RoleTold> {
  const [{ record, changedAt }, sides] = await Promise.all([world.witness(), world.sides()]);
  const { epoch, mode } = record;
  const claim = await claimHeld(world.connections.witness.claims, epoch);
  return { epoch, ...sides, mode, sinceSeconds: Math.max(0, (world.at - changedAt) / 1_000), claim };
}

async function detectionNow(world: Look): Promise<{ seconds: number }> {
  const { active } = await world.sides();
  return { seconds: detectionSeconds(await world.edge(active)) };
}
