import type { Approval } from "../engine/approval.ts";
import type { Condition } from "../engine/condition.ts";
import {
  approvalsOf,
  isApproval,
  namedPartsOf,
  type Runbook,
  stepsBefore,
  stepsOf,
} from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";

type Named = Step<never> | Approval<never>;

/** Where an arrow to what comes next begins, and what stands on it. */
interface Exit {
  readonly from: string;
  readonly label?: string;
}

/**
 * A runbook as a Mermaid flowchart: steps from the top down, branches beside each other in a box, the point of no return
 * marked; approvals slanted, and around what has a condition a second way. Ids are numbers, since Mermaid takes some
 * names for words of its own.
 */
export function picture(runbook: Runbook<never>): string {
  const drawing = new Drawing(runbook);
  let exits: readonly Exit[] = [];
  for (const [index, part] of runbook.parts.entries())
    exits =
      "together" in part
        ? drawing.group(`together${index}`, part.together, part.when, exits)
        : drawing.part(part, exits, "  ");
  return drawing.end();
}

class Drawing {
  readonly #runbook: Runbook<never>;
  readonly #ids: ReadonlyMap<string, string>;
  readonly #lines = ["flowchart TD"];
  #conditions = 0;

  constructor(runbook: Runbook<never>) {
    this.#runbook = runbook;
    const counted = { s: 0, a: 0 };
    this.#ids = new Map(
      namedPartsOf(runbook).map((part) => {
        const letter = isApproval(part) ? "a" : "s";
        counted[letter] += 1;
        return [part.name, `${letter}${counted[letter]}`];
      }),
    );
  }

  /** @returns where the next part's arrows begin */
  part(part: Named, entries: readonly Exit[], indent: string): readonly Exit[] {
    const { into, around } = this.#condition(part.when, entries, indent);
    this.#lines.push(`${indent}${this.#box(part)}`);
    this.#arrows(into, this.#id(part), indent);
    return [{ from: this.#id(part) }, ...around];
  }

  group(
    id: string,
    branches: readonly (readonly Step<never>[])[],
    when: Condition<never> | undefined,
    entries: readonly Exit[],
  ): readonly Exit[] {
    const { into, around } = this.#condition(when, entries, "  ");
    this.#lines.push(`  subgraph ${id}["beside each other"]`);
    const firsts: string[] = [];
    const exits = branches.flatMap((branch) => {
      let last: readonly Exit[] = [];
      for (const [at, step] of branch.entries()) {
        if (at === 0) firsts.push(step.when ? `c${this.#conditions + 1}` : this.#id(step));
        last = this.part(step, last, "    ");
      }
      return last;
    });
    this.#lines.push("  end");
    for (const first of firsts) this.#arrows(into, first, "  ");
    return [...exits, ...around];
  }

  end(): string {
    const { pointOfNoReturn } = this.#runbook;
    const steps = stepsOf(this.#runbook);
    this.#class("before", stepsBefore(this.#runbook));
    this.#class(
      "point",
      steps.filter(({ name }) => name === pointOfNoReturn.step),
    );
    this.#class(
      "bestEffort",
      steps.filter(({ bestEffort }) => bestEffort === true),
    );
    const approvals = approvalsOf(this.#runbook);
    this.#class("approval", approvals);
    return [
      ...this.#lines,
      "  classDef before fill:#e8f1ff,stroke:#4a7fc1,color:#12305a",
      "  classDef point fill:#ffe9c7,stroke:#c77700,stroke-width:4px,color:#4d2e00",
      "  classDef bestEffort stroke-dasharray:4 4",
      ...(approvals.length > 0 ? ["  classDef approval fill:#f3e8ff,stroke:#7a4ac1,color:#2f125a"] : []),
    ].join("\n");
  }

  /** The question before what has a condition, and the way around it. */
  #condition(when: Condition<never> | undefined, entries: readonly Exit[], indent: string) {
    if (!when) return { into: entries, around: [] };
    this.#conditions += 1;
    const id = `c${this.#conditions}`;
    this.#lines.push(`${indent}${id}{"${when.words}?"}`);
    this.#arrows(entries, id, indent);
    return { into: [{ from: id, label: "yes" }], around: [{ from: id, label: "no" }] };
  }

  #arrows(exits: readonly Exit[], to: string, indent: string): void {
    for (const { from, label } of exits)
      this.#lines.push(`${indent}${from} ${label === undefined ? "-->" : `-- ${label} -->`} ${to}`);
  }

  #class(name: string, parts: readonly Named[]): void {
    if (parts.length > 0)
      this.#lines.push(`  class ${parts.map((part) => this.#id(part)).join(",")} ${name}`);
  }

  #box(part: Named): string {
    const id = this.#id(part);
    if (isApproval(part)) return `${id}[/"${part.name}<br/>approval"/]`;
    return part.name === this.#runbook.pointOfNoReturn.step
      ? `${id}{{"${part.name}<br/>point of no return"}}`
      : `${id}["${part.name}"]`;
  }

  readonly #id = ({ name }: Named): string => this.#ids.get(name) ?? name;
}
