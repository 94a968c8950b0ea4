import { allChecks } from "../readiness/all-checks.ts";
import type { Check } from "../readiness/check.ts";
import { MADE_FROM_CODE } from "./page.ts";
import { cell, tellDuration } from "./tell.ts";

const severities: Readonly<Record<Check["severity"], string>> = {
  blocks: "**blocks**",
  warns: "warns",
};

/** The page of `castle readiness`, as Markdown: every check, why it matters, and how it is mended. Pure. */
export const renderReadinessPage = (
  checks: readonly Check[] = allChecks,
): string => `${MADE_FROM_CODE.replace("the runbook", "dr-runbooks/readiness")}

# readiness

See whether the peer could take over now, how long that would take, and what would be lost. It looks at everything at once, changes nothing, and may be asked at any time.

\`\`\`sh
castle readiness                        # once; exit code 0 only when a takeover would work and lose nothing
castle readiness --watch                # again and again: what changes is told
castle readiness --watch --metrics 9187 # and for Prometheus
castle readiness --json | jq '.checks[] | select(.outcome != "holds")'
\`\`\`

## Whether a backup restores

\`\`\`sh
castle readiness --restore-test              # of the region that would take over
castle readiness --restore-test eu-west-1
\`\`\`

makes a cluster of the newest snapshot beside the live one, reads the whole ledger there, and deletes it again, also on Ctrl-C; it says how long that took. The live database is only read. It must have the schema, every stream without a gap and with all that was accepted a minute before it was taken, and postings that sum to zero. On AWS it takes a cluster's and an instance's time to come up, is charged for, and needs [iam-policy-restore-test.json](iam-policy-restore-test.json); whatever is called \`castle-restore-test-…\` and is not being tested was left by a runner that was killed, and may be deleted. Exit code 0 when it restores, 1 when it does not.

## What the answers mean

| answer | it means |
| --- | --- |
| ok | what is found is what is wanted |
| FAILS | a takeover would fail, or lose something: mend it now, it is an incident |
| warns | a takeover would work, and be slower, or worse later: mend it this week |
| unknown | it could not be seen in time. Never counted as good |
| - | the target does not say what to look at |

## What is looked at

In the order in which a takeover needs it. What **blocks** makes the answer NOT READY.

| check | | why it matters | how it is mended | given up after |
| --- | --- | --- | --- | --- |
${checks
  .map(
    ({ name, severity, why, mend, deadline }) =>
      `| ${name} | ${severities[severity]} | ${cell(why)} | ${cell(mend)} | ${tellDuration(deadline)} |`,
  )
  .join("\n")}
`;
