import { MADE_FROM_CODE } from "@castle/dr-runbooks/pages/page.ts";
import { aliases, scenarioNames } from "./scenario-names.ts";
import { scenarios } from "./scenarios.ts";

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
