import { checkNames } from "@castle/dr-runbooks/report/check-names.ts";
import { formatCount, formatMs } from "@castle/dr-runbooks/report/format.ts";
import type { Check, Report, SteadyPhase } from "@castle/dr-runbooks/report/report.ts";
import { check } from "./check.ts";
import { limits } from "./limits.ts";

/**
 * What other than Castle held the machine while a figure was taken, in words, for each figure of speed; null: nothing
 * did. See lab/machine/held.ts.
 */
export interface HeldByOthers {
  readonly labUp: string | null;
  readonly steady: string | null;
  /** While nothing was acknowledged, handover by handover. */
  readonly handovers: readonly (string | null)[];
  /** From the first request to the last: excuses nothing, and tells whoever looks for a cause. */
  readonly story: string | null;
}

/** How fast it was: judged only where nothing but Castle held the machine. Pure. */
export function speedChecks(
  { load, handovers, labUpMs }: Pick<Report, "load" | "handovers" | "labUpMs">,
  held: HeldByOthers,
): Check[] {
  const seconds = load.steady.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1_000;
  const rate = seconds > 0 ? load.steady.reduce((sum, phase) => sum + answersOf(phase), 0) / seconds : 0;
  const least = load.requestedRps * limits.answeredShare;
  const p99 = load.latencyMs?.p99 ?? null;
  return [
    unless(
      held.steady,
      check(
        "Answers in the steady phases",
        `at least ${formatCount(least)} a second`,
        `${formatCount(rate)} a second`,
        { ok: rate >= least },
      ),
    ),
    unless(
      held.steady,
      check(checkNames.p99, `under ${formatMs(limits.p99Ms)}`, p99 === null ? "no answer" : formatMs(p99), {
        ok: p99 !== null && p99 < limits.p99Ms,
      }),
    ),
    ...handovers.map(({ kind, clientGapMs }, i) =>
      unless(
        held.handovers[i] ?? null,
        check(
          checkNames.clientGap(kind),
          `under ${formatMs(limits.clientGapMs[kind])}`,
          formatMs(clientGapMs),
          {
            ok: clientGapMs < limits.clientGapMs[kind],
          },
        ),
      ),
    ),
    ...(labUpMs === null
      ? []
      : [
          unless(
            held.labUp,
            check("Both cells ready", `within ${formatMs(limits.labUpMs)}`, formatMs(labUpMs), {
              ok: labUpMs < limits.labUpMs,
            }),
          ),
        ]),
  ];
}

/** The check does not count where there is a reason for it, whether or not it holds. */
const unless = (reason: string | null, one: Check): Check => ({ ...one, judged: reason === null, reason });

const answersOf = ({ acknowledged, refused, answered }: SteadyPhase): number =>
  acknowledged + refused + answered;
