import type { ExecutionState } from "../../engine/state.ts";
import type { Objectives } from "../../objectives.ts";
import type { RecordedReconciliation } from "../../reconcile/recorded.ts";
import { exposureFactsSchema } from "../../runbooks/exposure.ts";
import { handoverPlanSchema } from "../../runbooks/plan.ts";
import { resultOf } from "../../runbooks/result.ts";
import { CHECK_INVARIANTS } from "../../steps/check-invariants.ts";
import { CONSENT_PAST_THE_FENCE, CONSENT_TO_LOSS } from "../../steps/consent-to-loss.ts";
import { FENCE_OLD_CELL } from "../../steps/fence-old-cell.ts";
import { open } from "../../steps/gate.ts";
import { REPLAY_JOURNAL } from "../../steps/replay-journal.ts";
import { TAKE_THE_ROLE } from "../../steps/take-the-role.ts";
import { formatMs, plural } from "../format.ts";
import type { RecoveryPoint } from "./report.ts";
import { instant } from "./words.ts";

const RECONCILE = "castle reconcile counts it once the old writer can be read";

/**
 * Acknowledged commands lost, against the objective: `proved` to be none by a fence that was seen to hold before the
 * journal was read; else `measured` by a reconciliation; else `bounded` by what was known when loss was consented to; else
 * `unknown`. Pure.
 */
export function recoveryPoint(
  state: ExecutionState,
  objectives: Objectives | null,
  reconciled: RecordedReconciliation | null,
): RecoveryPoint | null {
  const plan = handoverPlanSchema.safeParse(state.plan).data;
  if (!plan) return null;
  const wanted = {
    commands: objectives?.recoveryPointCommands ?? null,
    seconds: objectives?.recoveryPointSeconds ?? null,
  };
  const unknown: Omit<RecoveryPoint, "counted"> = {
    ...{ wanted, how: "unknown", lost: null, bound: null, because: [], met: null },
  };
  if (!state.settled.some(({ step }) => step === open.name))
    return { ...unknown, counted: `${plan.to} was not opened` };
  const consents = consentsOf(state);
  const fencedAt = resultOf(state, false).fencedAt;
  if (consents.length === 0 && fencedAt !== null)
    return { ...unknown, how: "proved", lost: 0, ...proof(state, reconciled), met: metBy(0, 0, wanted) };
  if (reconciled) return { ...unknown, ...measured(reconciled, wanted) };
  if (consents.length === 0) return { ...unknown, counted: `the fence was not seen to hold; ${RECONCILE}` };
  const bound = boundOf(state, consents);
  return bound
    ? { ...unknown, how: "bounded", bound, ...tellBound(bound, wanted) }
    : {
        ...unknown,
        counted: `loss was consented to, and its record holds no figures; unknown until ${RECONCILE}`,
      };
}

type Wanted = RecoveryPoint["wanted"];
type Bound = NonNullable<RecoveryPoint["bound"]>;
type Consent = (typeof LOSSES)[number];

/** What is agreed to by these is loss. */
const LOSSES = [CONSENT_TO_LOSS, CONSENT_PAST_THE_FENCE] as const;

const consentsOf = ({ approvals }: ExecutionState): Consent[] =>
  LOSSES.filter((name) => approvals[name]?.given);

/** Behind a fence that was seen to hold, whatever the old cell could acknowledge stands in the journal that is replayed. */
function proof(
  state: ExecutionState,
  reconciled: RecordedReconciliation | null,
): Pick<RecoveryPoint, "counted" | "because"> {
  const ended = (step: string): string => {
    const at = state.settled.find((settled) => settled.step === step)?.endedAt;
    return at === undefined ? "is not in the record" : `ended at ${instant(at)}`;
  };
  const replayed = Object.values(resultOf(state, false).replayed).reduce((sum, count) => sum + count, 0);
  return {
    counted: "paired, and the fence held before the journal was read: whatever was acknowledged is there",
    because: [
      `${TAKE_THE_ROLE} ${ended(TAKE_THE_ROLE)}, with nobody's consent to loss: out of solo the witness refuses that.`,
      `${FENCE_OLD_CELL} ${ended(FENCE_OLD_CELL)}: the target's journal was seen to refuse the old epoch.`,
      `${REPLAY_JOURNAL} ${ended(REPLAY_JOURNAL)}, behind the fence: ${plural(replayed, "command")} copied, and the database then held all that the journal does.`,
      `${CHECK_INVARIANTS} ${ended(CHECK_INVARIANTS)}.`,
      ...(reconciled
        ? [
            `${reconciled.id} looked at the old writer: ${plural(reconciled.tail.commands, "command")} in it alone, which no journal had taken, so that none was acknowledged.`,
          ]
        : []),
    ],
  };
}

function measured(
  { id, at, tail }: RecordedReconciliation,
  wanted: Wanted,
): Pick<RecoveryPoint, "how" | "lost" | "counted" | "because" | "met"> {
  const { commands, again, firstAcceptedAt: first, lastAcceptedAt: last } = tail;
  const ms = first === null || last === null ? 0 : last - first;
  return {
    ...{ how: "measured", lost: commands, met: metBy(commands, ms / 1_000, wanted) },
    counted: `measured by castle reconcile on ${instant(at)}: the commands that only the old writer holds, each of which may have been acknowledged`,
    because: [
      ...(first === null || last === null
        ? []
        : [`They were accepted from ${instant(first)} to ${instant(last)}: ${formatMs(ms)}.`]),
      ...(commands > 0
        ? [`Of them, ${again} are known to the survivor from elsewhere: their clients sent them again.`]
        : []),
      `Recorded as ${id}.`,
    ],
  };
}

/** What was measured for the latest consent. */
function boundOf(state: ExecutionState, consents: readonly Consent[]): Bound | null {
  const asked = consents.flatMap((name) => state.approvals[name]?.asked.at(-1) ?? []).at(-1);
  const facts = exposureFactsSchema.safeParse(asked?.measured).data;
  if (!asked || !facts) return null;
  const { missing: commands, lagMs, mode, since } = facts;
  const took = state.settled.find(({ step }) => step === TAKE_THE_ROLE);
  // A cell in solo acknowledges for as long as its lease of the witness, which that step waits out. Past a fence that does
  // not hold, nobody knows when it ends.
  const isStrict = mode === "solo" && took?.error === null && !consents.includes(CONSENT_PAST_THE_FENCE);
  const soloSeconds = isStrict ? Math.max(0, took.endedAt - since) / 1_000 : null;
  return { commands, soloSeconds, lagMs, measuredAt: asked.measuredAt };
}

function tellBound(
  { commands, soloSeconds, lagMs, measuredAt }: Bound,
  wanted: Wanted,
): Pick<RecoveryPoint, "counted" | "because" | "met"> {
  // What was missing when it was measured is no limit to commands: more may have been accepted behind it.
  const within = wanted.commands === null && wanted.seconds !== null && soloSeconds !== null;
  return {
    counted: `not measured: known when loss was consented to, on ${instant(measuredAt)}; ${RECONCILE}`,
    because: [
      soloSeconds === null
        ? "For how long the old cell acknowledged alone is not known: nothing was seen to end it."
        : `The old cell was alone for ${formatMs(soloSeconds * 1_000)}, until its lease had run out, by its own clock and the runner's: nothing older is lost.`,
      commands === null
        ? "How many commands only the old cell held could not be counted: it did not answer."
        : `The target lacked ${plural(commands, "command")} when it was measured; what was accepted after that is not among them.`,
      lagMs === null
        ? "How far the target's database was behind could not be told."
        : `The target's database was at most ${formatMs(lagMs)} behind.`,
    ],
    met: within && soloSeconds <= (wanted.seconds ?? 0) ? true : null,
  };
}

/** null where no objective is set. */
function metBy(lost: number, seconds: number, wanted: Wanted): boolean | null {
  if (wanted.commands === null && wanted.seconds === null) return null;
  return (wanted.commands ?? Infinity) >= lost && (wanted.seconds ?? Infinity) >= seconds;
}
