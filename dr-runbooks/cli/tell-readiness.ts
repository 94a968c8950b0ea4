import { tellClaim } from "../engine/held-by.ts";
import type { CheckTold, Readiness } from "../readiness/readiness.ts";
import { tellSpan } from "../readiness/span.ts";

/** How a piece of text is meant; a terminal shows it as colours. */
export type Meaning = "good" | "bad" | "doubtful" | "quiet" | "strong";
export type Paint = (meaning: Meaning, text: string) => string;

export const unpainted: Paint = (_, text) => text;

/** Readiness for people, a line each. Pure. */
export function tellReadiness(now: Readiness, paint: Paint = unpainted): string[] {
  const { estimate, exposure } = now;
  const { detectionSeconds: detection, recoverySeconds: recovery } = estimate;
  const takes =
    detection === null
      ? `about ${tellSpan(recovery)} from the decision on; when the edge notices is unknown`
      : `about ${tellSpan(detection + recovery)}: ${tellSpan(detection)} until the edge notices, ${tellSpan(recovery)} to recover`;
  return [
    tellHeadline(now, paint),
    `  would take  ${takes} (${estimate.source})`,
    `  would lose  ${exposure.told}`,
    ...(now.role?.claim ? [`  at work     ${tellClaim(now.role.claim, now.at)}`] : []),
    "",
    ...now.checks.flatMap((check) => tellCheck(check, paint)),
  ];
}

/** The answer in one line. */
export function tellHeadline(now: Readiness, paint: Paint = unpainted): string {
  const { role, checks } = now;
  const count = (wanted: (check: CheckTold) => boolean): number => checks.filter(wanted).length;
  const [failing, unknown, warnings] = [
    count(({ outcome, severity }) => outcome === "fails" && severity === "blocks"),
    count(({ outcome }) => outcome === "unknown"),
    count(({ outcome, severity }) => outcome === "fails" && severity === "warns"),
  ];
  const verdict = now.ready
    ? now.holds
      ? paint("good", "READY")
      : paint("doubtful", `READY, ${warnings} of the checks warn`)
    : paint("bad", "NOT READY");
  const counts = [
    ...(failing > 0 ? [`${failing} failing`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  const who = role
    ? `${role.peer} takes over from ${role.active}; epoch ${role.epoch}, ${role.mode} for ${tellSpan(role.sinceSeconds)}`
    : "the witness does not answer";
  return `${verdict}  ${who}${counts.length > 0 ? `; ${counts.join(", ")}` : ""} (looked for ${now.ms} ms)`;
}

const marks = {
  holds: { text: "ok", meaning: "good" },
  fails: { text: "FAILS", meaning: "bad" },
  unknown: { text: "unknown", meaning: "bad" },
  "not-configured": { text: "-", meaning: "quiet" },
} as const;

/** One check; one that does not hold says what is wanted, why, and how it is mended. */
export function tellCheck(check: CheckTold, paint: Paint = unpainted): string[] {
  const { outcome, severity } = check;
  const warning = outcome === "fails" && severity === "warns";
  const { text, meaning } = warning ? { text: "warns", meaning: "doubtful" as const } : marks[outcome];
  const name = check.name.padEnd(21);
  const line = `${paint(meaning, text.padEnd(8))} ${paint("strong", name)} ${check.found}`;
  if (outcome === "holds" || outcome === "not-configured") return [line];
  const more = (what: string, told: string): string =>
    `${" ".repeat(31)}${paint("quiet", `${what}: ${told}`)}`;
  return [line, more("wanted", check.wanted), more("why", check.why), more("mend", check.mend)];
}
