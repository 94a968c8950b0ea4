import { Duration } from "@castle/regions/duration.ts";
import type { ExecutionEvent } from "../engine/event.ts";
import { branchesOf, isApproval, type Runbook } from "../engine/runbook.ts";
import type { Usual } from "./display.ts";

/** `without`: it is not done, and the runbook goes on all the same. */
export type PartState =
  | { readonly kind: "waits" }
  | { readonly kind: "runs" | "asks"; readonly since: number }
  | { readonly kind: "done" | "without" | "failed"; readonly text: string };

/** A step or an approval, as it stands. */
export interface PartShown {
  readonly name: string;
  readonly purpose: string;
  /** Which of the sequences that run beside each other it is in; null: it runs alone. */
  readonly branch: number | null;
  readonly usualMs: number | undefined;
  readonly state: PartState;
}

type Kept = { -readonly [Key in keyof PartShown]: PartShown[Key] } & { readonly part: number };

/** Where a run stands, by the events that it tells. */
export class Progress<Context> {
  readonly #parts: readonly Kept[];

  constructor(runbook: Runbook<Context>, usual: Usual = new Map()) {
    const kept = (
      { name, purpose }: { readonly name: string; readonly purpose: string },
      part: number,
      branch: number | null,
    ): Kept => ({ name, purpose, branch, usualMs: usual.get(name), state: { kind: "waits" }, part });
    this.#parts = runbook.parts.flatMap((part, index) => {
      if (isApproval(part)) return [kept(part, index, null)];
      const branches = branchesOf(part);
      return branches.flatMap((steps, branch) =>
        steps.map((step) => kept(step, index, "together" in part ? branch : null)),
      );
    });
  }

  get parts(): readonly PartShown[] {
    return this.#parts;
  }

  note(event: ExecutionEvent): void {
    const change = changeBy(event);
    if (!change) return;
    const { name, state } = change;
    if (state.kind === "runs" || state.kind === "asks") this.#passWhatCameBefore(name);
    const found = this.#parts.find((part) => part.name === name);
    if (found) found.state = state;
  }

  /** An execution that is continued tells nothing of the steps behind it. */
  #passWhatCameBefore(name: string): void {
    const own = this.#parts.find((part) => part.name === name);
    for (const part of this.#parts) {
      if (part === own || own === undefined) return;
      const before = part.part < own.part || part.branch === own.branch;
      if (before && part.state.kind === "waits") part.state = { kind: "done", text: "in an earlier run" };
    }
  }
}

/** Which part an event is about, and how it stands from then on; null for an event of the whole run. */
function changeBy(event: ExecutionEvent): { readonly name: string; readonly state: PartState } | null {
  switch (event.kind) {
    case "step-started":
      return { name: event.step, state: { kind: "runs", since: event.at } };
    case "approval-asked":
      return { name: event.approval, state: { kind: "asks", since: event.at } };
    case "step-done": {
      const text = event.how === "done" ? Duration.ms(event.ms).toString() : "was done already";
      return { name: event.step, state: { kind: "done", text } };
    }
    case "approval-given":
      return { name: event.approval, state: { kind: "done", text: "approved" } };
    case "approval-refused":
      // A file that does not count leaves the question open.
      if (event.file !== undefined) return null;
      return { name: event.approval, state: { kind: "failed", text: "refused" } };
    case "passed-over":
      return { name: event.part, state: { kind: "without", text: `only if ${event.condition}` } };
    case "step-skipped":
      return { name: event.step, state: { kind: "without", text: `skipped (${event.because})` } };
    case "step-failed":
      return {
        name: event.step,
        state: { kind: event.tolerated ? "without" : "failed", text: event.error },
      };
    case "step-undone":
      return { name: event.step, state: { kind: "without", text: "taken back" } };
    default:
      return null;
  }
}
