import { auditLines, holds } from "@castle/dr-runbooks/report/findings.ts";
import { formatBytes, formatCount } from "@castle/dr-runbooks/report/format.ts";
import type { Check, Handover, Report } from "@castle/dr-runbooks/report/report.ts";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { check } from "./check.ts";
import { limits } from "./limits.ts";
import { type GivenUp, type Observation, promised } from "./observation.ts";
import { type HeldByOthers, speedChecks } from "./speed-checks.ts";

/** What a scenario promises about its own course. */
export interface Promises {
  readonly handovers: readonly Handover["kind"][];
  /** Traders must notice: a fault nobody sees was none. */
  readonly errors: boolean;
  /** The failover must find acknowledged commands that the database had not received. */
  readonly replays: boolean;
  /** Names of what the story looks at itself; see observation.ts. */
  readonly observes?: readonly string[];
  /** Acknowledged commands must be lost, and no more than were told to be at stake before somebody consented. */
  readonly losses?: boolean;
  /** Who is active at the end; and both regions hold everything, unless one is still lost. */
  readonly ends: { readonly activeRegion: RegionName; readonly mode: WitnessRecord["mode"] };
}

export interface Judged {
  readonly report: Omit<Report, "checks" | "verdict">;
  /** Why the story could not be played to its end; null when it was. */
  readonly stopped: string | null;
  /** Answers that nobody could read: defects of the platform. */
  readonly unreadable: readonly string[];
  readonly promises: Promises;
  readonly held: HeldByOthers;
  /** What the story looked at itself. */
  readonly observed?: readonly Observation[];
  /** null unless somebody consented to a loss. */
  readonly givenUp?: GivenUp | null;
  /** The witness's record when the load had ended. */
  readonly ending: Pick<WitnessRecord, "activeRegion" | "mode">;
}

/**
 * Every check of a drill. The verdict is pass only if all of them hold that are judged. Whatever is true or false of what
 * traders were told is judged on any machine; how fast it was, only where nothing but Castle held it. Pure.
 */
export function checksOf(judged: Judged): Check[] {
  const { report } = judged;
  return [
    ...auditChecks(judged),
    ...courseChecks(judged),
    ...promised(judged.promises.observes ?? [], judged.observed ?? []).map(
      (seen): Check => ({ ...seen, judged: true, reason: null }),
    ),
    ...steadyChecks(report),
    ...(report.options.judgeSpeed ? speedChecks(report, judged.held) : []),
    check(
      "Memory of the whole lab",
      `under ${formatBytes(limits.memoryBytes)}`,
      formatBytes(report.memory.peakBytes),
      {
        ok: report.memory.peakBytes > 0 && report.memory.peakBytes < limits.memoryBytes,
      },
    ),
  ];
}

function auditChecks({ report: { audit }, promises, givenUp }: Judged): Check[] {
  const looked = Object.entries(audit.checked);
  const unseen = looked.filter(([, n]) => n === 0).map(([thing]) => thing);
  return [
    ...auditLines.map(({ key, name }) =>
      key === "lostAcknowledged" && promises.losses
        ? expectedLoss(name, audit.lostAcknowledged, givenUp ?? null)
        : key === "conserved"
          ? check(name, "yes", audit.conserved ? "yes" : "no", { ok: audit.conserved })
          : check(name, "0", formatCount(audit[key]), { ok: holds(audit, key) }),
    ),
    check(
      "Everything was really looked at",
      "some of each",
      unseen.length > 0 ? `no ${unseen.join(", no ")}` : seen(looked),
      {
        ok: looked.length > 0 && unseen.length === 0,
      },
    ),
  ];
}

/** Out of solo, with consent: a loss that nobody sees would be no loss, and one beyond what was told a lie. */
const expectedLoss = (name: string, lost: number, givenUp: GivenUp | null): Check =>
  check(
    name,
    givenUp ? `at least 1, and at most the ${formatCount(givenUp.atMost)} that were told` : "a consent",
    formatCount(lost),
    { ok: givenUp !== null && lost > 0 && lost <= givenUp.atMost },
  );

const seen = (looked: readonly [string, number][]): string =>
  looked.length === 0 ? "nothing" : `${formatCount(looked.reduce((sum, [, n]) => sum + n, 0))} facts`;

function courseChecks({ report, promises, ending, stopped, unreadable, held }: Judged): Check[] {
  const { handovers, load } = report;
  const replayed = handovers.reduce((sum, handover) => sum + handover.replayed, 0);
  return [
    check("The story", "played to its end", courseOf(stopped, held), { ok: stopped === null }),
    check(
      "Handovers",
      promises.handovers.join(", ") || "none",
      handovers.map(({ kind }) => kind).join(", ") || "none",
      {
        ok: promises.handovers.join() === handovers.map(({ kind }) => kind).join(),
      },
    ),
    ...(handovers.length === 0 ? [] : [recordsCheck(handovers)]),
    // How soon everyone is back is a matter of time; in a short story not everyone asks again before its end.
    ...(report.options.judgeSpeed ? handovers : []).map(({ kind, traders }) =>
      check(`Traders served again after the ${kind}`, `all ${traders.count}`, formatCount(traders.back), {
        ok: traders.count > 0 && traders.back === traders.count,
      }),
    ),
    ...(promises.errors
      ? [check("Traders noticed the fault", "errors", plainErrors(load.errors), { ok: load.errors > 0 })]
      : []),
    check("Commands whose fate nobody could learn", "0", formatCount(load.unresolved), {
      ok: load.unresolved === 0,
    }),
    check("Answers that nobody could read", "0", unreadableInBrief(unreadable), {
      ok: unreadable.length === 0,
    }),
    ...(promises.replays
      ? [
          check("Commands brought back out of the journal", "some", formatCount(replayed), {
            ok: replayed > 0,
          }),
        ]
      : []),
    check(
      "At the end",
      `${promises.ends.activeRegion}, ${promises.ends.mode}`,
      `${ending.activeRegion}, ${ending.mode}`,
      {
        ok: ending.activeRegion === promises.ends.activeRegion && ending.mode === promises.ends.mode,
      },
    ),
  ];
}

/** A story that could not be played shows nothing, whoever is to blame: it fails, and names who held the machine. */
const courseOf = (stopped: string | null, held: HeldByOthers): string =>
  stopped === null
    ? "played to its end"
    : `${stopped}${held.story === null ? "" : `; meanwhile ${held.story}`}`;

/** What an auditor is handed of a drill must be as good as what is handed of the real thing. */
function recordsCheck(handovers: Report["handovers"]): Check {
  const whole = handovers.filter(({ evidence }) => evidence?.holds).length;
  return check(
    "Records of the handovers",
    "signed, and as they were written",
    `${whole} of ${handovers.length} are`,
    {
      ok: whole === handovers.length,
    },
  );
}

const unreadableInBrief = (all: readonly string[]): string =>
  all[0] === undefined ? "0" : `${formatCount(all.length)}, such as: ${all[0]}`;

const plainErrors = (n: number): string => (n === 0 ? "none" : formatCount(n));

function steadyChecks({ load }: Judged["report"]): Check[] {
  const sent = load.steady.reduce((sum, phase) => sum + phase.sent, 0);
  const errors = load.steady.reduce((sum, phase) => sum + phase.errors, 0);
  return [
    check(
      "Errors in the steady phases",
      `at most ${percent(limits.errorShare)}`,
      sent ? percent(errors / sent) : "no load",
      {
        ok: sent > 0 && errors <= sent * limits.errorShare,
      },
    ),
  ];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
