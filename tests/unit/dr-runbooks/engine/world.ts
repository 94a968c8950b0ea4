import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { defineRunbook, type Runbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { type RunOptions, type RunOutcome, run } from "@castle/dr-runbooks/engine/runner.ts";
import type { ExecutionState } from "@castle/dr-runbooks/engine/state.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { seconds } from "@castle/regions/duration.ts";

/** What the steps of the tests act on. */
export interface World {
  readonly done: Set<string>;
  /** Every effect in the order in which it was made; a name twice is an effect made twice. */
  readonly effects: string[];
}

export const newWorld = (): World => ({ done: new Set(), effects: [] });

export const step = (name: string, more: Partial<Step<World>> = {}): Step<World> => ({
  name,
  purpose: `Does ${name}.`,
  timeout: seconds(5),
  isDone: async ({ done }) => done.has(name),
  run: async ({ done, effects }) => {
    effects.push(name);
    done.add(name);
  },
  verify: async ({ done }) => done.has(name) || `${name} is not done`,
  ...more,
});

export const undoable = (name: string): Step<World> =>
  step(name, {
    undo: {
      purpose: `Takes ${name} back.`,
      run: async ({ done, effects }) => {
        effects.push(`undo ${name}`);
        done.delete(name);
      },
    },
  });

export const passed = { step: "point", notPassedWhen: (error: unknown) => String(error).includes("refused") };

export const handover = (...after: Runbook<World>["parts"]): Runbook<World> =>
  defineRunbook({
    name: "test",
    purpose: "Tests the runner.",
    parts: [step("look"), undoable("close"), step("point"), ...after],
    pointOfNoReturn: passed,
  });

export const branches = { together: [[step("a1"), step("a2")], [step("b1")]] };

export const started = { kind: "started", at: 1, id: "test-1", runbook: "test", plan: {} } as const;

/** Begins an execution in the folder and runs it. */
export async function begin(
  folder: string,
  runbook: Runbook<World>,
  context: World,
  more: Pick<RunOptions<World>, "stop" | "onAwaiting"> = {},
): Promise<{ outcome: RunOutcome; state: ExecutionState; told: ExecutionEvent[] }> {
  const told: ExecutionEvent[] = [];
  const record = await ExecutionRecord.create(folder, started);
  const outcome = await run({
    runbook,
    context,
    record,
    onEvent: (event) => told.push(event),
    ...more,
  });
  await record.close();
  return { outcome, state: record.state, told };
}
