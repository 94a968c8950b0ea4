import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { auditLines, holds } from "@castle/dr-runbooks/report/findings.ts";
import type { Audit } from "@castle/dr-runbooks/report/report.ts";
import { handoverPlanSchema } from "@castle/dr-runbooks/runbooks/plan.ts";
import { resultOf } from "@castle/dr-runbooks/runbooks/result.ts";
import { TAKE_THE_ROLE } from "@castle/dr-runbooks/steps/take-the-role.ts";
import type { Lab } from "../lab.ts";

/** Every epoch that began meanwhile, whoever's runner ended it. */
export async function handoversSince(
  lab: Lab,
  since: number,
): Promise<{ epoch: number; fencedAt: number }[]> {
  const executions = await listExecutions(lab.target.runsFolder);
  return executions
    .filter(({ startedAt, plan }) => startedAt >= since && handoverPlanSchema.safeParse(plan).success)
    .filter(({ settled }) => settled.some(({ step }) => step === TAKE_THE_ROLE))
    .map((state) => resultOf(state, false))
    .map(({ epoch, fencedAt, startedAt }) => ({ epoch, fencedAt: fencedAt ?? startedAt }));
}

/** What of the audit does not hold, or had nothing to look at, a sentence each. Pure. */
export function auditViolations(found: Audit): string[] {
  const unseen = Object.entries(found.checked).filter(([, n]) => n === 0);
  return [
    ...auditLines
      .filter(({ key }) => !holds(found, key))
      .map(({ key, finding }) => {
        const example = found.examples.find(({ of }) => of === key);
        return `${finding(found)}${example ? ` For example: ${example.text.slice(0, 300)}` : ""}`;
      }),
    ...unseen.map(([thing]) => `the audit saw no ${thing}`),
  ];
}

/** Whoever was killed, and wherever: the records of all executions are as they were written. */
export async function evidenceViolations({ target: { runsFolder, evidence } }: Lab): Promise<string[]> {
  const publicKey = publicKeyFile(evidence?.keyFile ?? keyFileIn(runsFolder));
  const { executions, problems } = await verifyEvidence({ folder: runsFolder, publicKey });
  return executions === 0 ? [] : problems.map(({ file, what }) => `evidence: ${file} ${what}`);
}
