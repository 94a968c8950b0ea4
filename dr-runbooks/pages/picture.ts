import { type Runbook, stepsBefore, stepsOf } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";

type AnyStep = Step<never>;

/**
 * A runbook as a Mermaid flowchart: steps from the top down, branches beside each other in a box, the point of no return
 * marked. Ids are numbers, since Mermaid takes some names for words of its own.
 */
export function picture(runbook: Runbook<never>): string {
  const ids = new Map(stepsOf(runbook).map(({ name }, index) => [name, `s${index + 1}`] as const));
  const id = ({ name }: AnyStep): string => ids.get(name) ?? name;
  const lines = ["flowchart TD"];
  let ends: readonly string[] = [];
  const arrows = (from: readonly string[], to: string): void => {
    for (const end of from) lines.push(`  ${end} --> ${to}`);
  };
  for (const [index, part] of runbook.parts.entries()) {
    if (!("together" in part)) {
      lines.push(`  ${box(part, id(part), runbook)}`);
      arrows(ends, id(part));
      ends = [id(part)];
      continue;
    }
    lines.push(`  subgraph together${index}["beside each other"]`);
    for (const step of part.together.flat()) lines.push(`    ${box(step, id(step), runbook)}`);
    for (const branch of part.together)
      branch.slice(1).forEach((step, at) => {
        lines.push(`    ${branch.slice(at, at + 1).map(id)} --> ${id(step)}`);
      });
    lines.push("  end");
    for (const [first] of part.together) if (first) arrows(ends, id(first));
    ends = part.together.flatMap((branch) => branch.slice(-1).map(id));
  }
  const classOf = (name: string, steps: readonly AnyStep[]): void => {
    if (steps.length > 0) lines.push(`  class ${steps.map(id).join(",")} ${name}`);
  };
  classOf("before", stepsBefore(runbook));
  classOf(
    "point",
    stepsOf(runbook).filter(({ name }) => name === runbook.pointOfNoReturn.step),
  );
  classOf(
    "bestEffort",
    stepsOf(runbook).filter(({ bestEffort }) => bestEffort === true),
  );
  lines.push(
    "  classDef before fill:#e8f1ff,stroke:#4a7fc1,color:#12305a",
    "  classDef point fill:#ffe9c7,stroke:#c77700,stroke-width:4px,color:#4d2e00",
    "  classDef bestEffort stroke-dasharray:4 4",
  );
  return lines.join("\n");
}

function box({ name }: AnyStep, id: string, { pointOfNoReturn }: Runbook<never>): string {
  return name === pointOfNoReturn.step ? `${id}{{"${name}<br/>point of no return"}}` : `${id}["${name}"]`;
}
