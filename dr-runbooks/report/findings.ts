import { plural } from "./format.ts";
import type { Audit, AuditKey, Check, Report } from "./report.ts";

interface AuditLine {
  readonly key: AuditKey;
  readonly name: string;
  /** What holds when the count is as wanted. */
  readonly claim: string;
  readonly finding: (audit: Audit) => string;
}

/** Every question the audit answers, in the words of the report. */
export const auditLines: readonly AuditLine[] = [
  {
    key: "lostAcknowledged",
    name: "Lost acknowledgements",
    claim: "Whatever was acknowledged to a trader stands in the surviving cell.",
    finding: (audit) =>
      `${plural(audit.lostAcknowledged, "acknowledged command")} cannot be found in the surviving cell.`,
  },
  {
    key: "duplicatedEffects",
    name: "Duplicated effects",
    claim: "Every command took effect once, however often it was sent or delivered.",
    finding: (audit) => `${plural(audit.duplicatedEffects, "effect")} happened more than once.`,
  },
  {
    key: "contradicted",
    name: "Contradictions",
    claim: "Every fill, order state and depth that traders were told still holds.",
    finding: (audit) => `${plural(audit.contradicted, "message")} told to traders contradict what stands.`,
  },
  {
    key: "staleEpochAcknowledged",
    name: "Stale acknowledgements",
    claim: "No cell acknowledged anything in an epoch that was over.",
    finding: (audit) =>
      `${plural(audit.staleEpochAcknowledged, "command")} ${audit.staleEpochAcknowledged === 1 ? "was" : "were"} acknowledged by a cell whose epoch was over.`,
  },
  {
    key: "seqGaps",
    name: "Gaps in seq",
    claim: "Every stream's sequence of commands is whole.",
    finding: (audit) =>
      `${plural(audit.seqGaps, "place")} in the streams' sequences ${audit.seqGaps === 1 ? "is" : "are"} empty.`,
  },
  {
    key: "conserved",
    name: "Money conserved",
    claim: "Per asset all postings sum to zero, and every balance is the sum of its postings.",
    finding: () =>
      "Money is not conserved: postings do not sum to zero, or a balance differs from its postings.",
  },
  {
    key: "negativeBalances",
    name: "Negative balances",
    claim: "No trader's balance is below zero.",
    finding: (audit) =>
      `${plural(audit.negativeBalances, "balance")} ${audit.negativeBalances === 1 ? "is" : "are"} below zero.`,
  },
];

const EXAMPLE_CHARACTERS = 220;

/** An example may be a whole order book: here its beginning is enough, the report's table has all of it. */
const brief = (text: string): string =>
  text.length > EXAMPLE_CHARACTERS ? `${text.slice(0, EXAMPLE_CHARACTERS)}…` : text;

/** Whether the audit's answer to one question is the wanted one. */
export const holds = (audit: Audit, key: AuditKey): boolean =>
  key === "conserved" ? audit.conserved : audit[key] === 0;

/** Whether a check counts, and does not hold. */
export const fails = ({ ok, judged }: Pick<Check, "ok" | "judged">): boolean => judged && !ok;

/** What is wrong, a plain sentence each, the audit's findings first. Empty exactly when the verdict is pass. */
export function findings(report: Pick<Report, "audit" | "checks">): string[] {
  // What a story expects (a loss that somebody consented to) is judged by its check, which names what was wanted.
  const expected = new Set(
    report.checks.filter(({ ok, wanted }) => ok && wanted !== "0").map(({ name }) => name),
  );
  const audited = auditLines.filter(({ key, name }) => !holds(report.audit, key) && !expected.has(name));
  const said = new Set<string>(audited.map(({ name }) => name));
  return [
    ...audited.map(({ key, finding }) => {
      const example = report.audit.examples.find(({ of }) => of === key);
      return `${finding(report.audit)}${example ? ` For example: ${brief(example.text)}` : ""}`;
    }),
    ...report.checks
      .filter((check) => fails(check) && !said.has(check.name))
      .map(({ name, wanted, found }) => `${name}: ${found}, wanted ${wanted}.`),
  ];
}
