import type { LookBefore } from "@castle/dr-runbooks/readiness/around.ts";
import type { ExecutionResult } from "@castle/dr-runbooks/runbooks/result.ts";
import type { Lab } from "../lab.ts";
import type { Traders } from "../traders/traders.ts";
import type { Chronicle } from "./chronicle.ts";
import type { GivenUp, LaterObservation, Observation } from "./observation.ts";
import type { Operator } from "./operator.ts";
import type { DrillOptions } from "./options.ts";

/** A handover as it was played. Moments in milliseconds since 1970. */
export interface PlayedHandover {
  readonly result: ExecutionResult;
  /** When traders could first feel it: the fault that made it necessary, or the operator's command. */
  readonly since: number;
  /** When somebody noticed the fault; null where there was none. */
  readonly noticedAt: number | null;
}

/** What the acts of a story work on. */
export interface Stage {
  readonly options: DrillOptions;
  readonly lab: Lab;
  readonly traders: Traders;
  readonly operator: Operator;
  readonly chronicle: Chronicle;
  readonly handovers: PlayedHandover[];
  /** What the acts looked at. */
  readonly observed: Observation[];
  /** What can be said only when the traders' records are complete. */
  readonly later: LaterObservation[];
  /** What a handover may lose, as measured last, and since when (milliseconds since 1970); null before. */
  exposure: { readonly commands: number; readonly since: number } | null;
  givenUp: GivenUp | null;
  /** The latest fault that no handover has answered yet. */
  fault: { readonly at: number; noticedAt: number | null } | null;
  /** What other than Castle holds the machine just now, in words; null when nothing does. */
  readonly heldByOthers: () => string | null;
  /** Whether handovers look at readiness before and after. */
  readonly looks: boolean;
  /** A look that was begun while the loss was noticed, for the handover that answers it. */
  look: LookBefore | null;
  /** Aborted when the drill is to end early. */
  readonly signal: AbortSignal;
}
