import { MADE_FROM_CODE } from "@castle/dr-runbooks/pages/page.ts";
import { formatMs } from "@castle/dr-runbooks/report/format.ts";
import { heldBounds } from "../machine/held.ts";
import { limits } from "./limits.ts";
import { aliases, scenarioNames } from "./scenario-names.ts";
import { scenarios } from "./scenarios.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The page of `castle drill`, as Markdown: every story, what happens in it, and what must hold. Pure. */
export const renderDrillPage = (): string => `${MADE_FROM_CODE.replace("the runbook", "lab/drill")}

# drill

Rehearse it: both regions on this machine, with real databases and real load; a fault; the runbooks that answer it; and then an audit of every acknowledgement and every message that traders were given, against what survived. No account is needed, and none can be reached.

\`\`\`sh
castle drill                                # the loss of a region, and the way back
castle drill --list                         # every story there is
castle drill --scenario full-disk           # one of them
castle drill --all                          # all of them, and a page that compares them
castle drill --random --seed 17 --runs 20   # faults and operators' commands at random moments; a seed replays what fails
castle drill --break fence                  # one mechanism taken out: the audit has to find it
\`\`\`

## The stories

Each ends with the audit: no acknowledged command lost, none applied twice, nothing contradicted that was told, nothing acknowledged in a stale epoch, no gap in a stream, money conserved.

| story | what happens | what must hold, and why |
| --- | --- | --- |
${scenarioNames
  .map((name) => `| ${named(name)} | ${cell(scenarios[name].happens)} | ${cell(scenarios[name].holds)} |`)
  .join("\n")}

## What is judged

Correctness always: the audit, and that the story was played to its end. Speed in the story of the loss of a region alone: p99 under ${formatMs(limits.p99Ms)} in the steady phases, no acknowledgement for less than ${formatMs(limits.clientGapMs.failover)} in the failover and ${formatMs(limits.clientGapMs.switchover)} in the switchover, both cells ready within ${formatMs(limits.labUpMs)}. The clock runs once the machine was checked and what a lab runs is compiled; the load rises before the first steady phase, in a warm-up that no figure counts.

A figure of speed is *not judged*, and the verdict says so, where something other than Castle held the machine while it was taken:

- other processes used more than ${percent(heldBounds.othersShare)} of all cores (or ${percent(heldBounds.othersPeakShare)} within two seconds), and something waited for a core for more than ${percent(heldBounds.waitingShare)} of the time;
- the host of a virtual machine withheld more than ${percent(heldBounds.stolenShare)} (or ${percent(heldBounds.stolenPeakShare)} within two seconds);
- a small write took more than ${formatMs(heldBounds.fsync.leastMs)} and ${heldBounds.fsync.timesIdle} times what it took before the lab started (p99), the disk itself was as slow, and it was not Castle that filled it.

A machine that Castle itself fills is judged. The exit code is 0 only if every check holds that is judged; the report’s section “Machine” tells who used what in each part. Where the system keeps no such accounts, everything is judged.

## A game day

1. \`castle readiness\`: begin only when it says READY.
2. Say who types, who reads along, who talks to everybody else: the [page for the wall](README.md).
3. Let somebody who is none of them choose the story, and keep it to themselves.
4. Afterwards compare \`reports/latest/report.html\` with what each of you saw, and change the page that was wrong.
`;

function named(name: (typeof scenarioNames)[number]): string {
  const others = Object.keys(aliases).filter((alias) => aliases[alias] === name);
  return others.length === 0
    ? `\`${name}\``
    : `\`${name}\` (also ${others.map((other) => `\`${other}\``).join(", ")})`;
}
