import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import type { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { type Runbook, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { after, type ExecutionState, stateOf } from "@castle/dr-runbooks/engine/state.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { switchover } from "@castle/dr-runbooks/runbooks/switchover.ts";
import { expect } from "chai";
import { newWorld, started, step, type World } from "./world.ts";

class Killed extends Error {}

/** A process that dies once: from then on nothing more is written. */
class Mortal {
  dead = false;

  die(): never {
    this.dead = true;
    throw new Killed();
  }
}

/** Where within a step the process dies. */
const moments = {
  "while it asks whether the step is done": (mortal, one) => ({ ...one, isDone: async () => mortal.die() }),
  "while it looks at the precondition": (mortal, one) => ({ ...one, precondition: async () => mortal.die() }),
  "before the step's effect": (mortal, one) => ({ ...one, run: async () => mortal.die() }),
  "behind the step's effect": (mortal, one) => ({
    ...one,
    run: async (world, at) => {
      await one.run(world, at);
      mortal.die();
    },
  }),
  "while it verifies": (mortal, one) => ({ ...one, verify: async () => mortal.die() }),
} satisfies Record<string, (mortal: Mortal, one: Step<World>) => Step<World>>;

/** A record in memory, of which only what was written before the death is left. */
function recordOf(first: ExecutionState, mortal: Mortal): Pick<ExecutionRecord, "state" | "append"> {
  let state = first;
  return {
    get state() {
      return state;
    },
    append: async (event: ExecutionEvent) => {
      if (mortal.dead) throw new Killed();
      state = after(state, event);
    },
  };
}

/** The runbook's own order and branches, with steps that only mark what they did. */
const withFakes = (runbook: Runbook<never>, change: (one: Step<World>) => Step<World>): Runbook<World> => {
  const fake = ({ name }: { readonly name: string }): Step<World> => change(step(name));
  return {
    ...runbook,
    parts: runbook.parts.map((part) =>
      "together" in part ? { together: part.together.map((branch) => branch.map(fake)) } : fake(part),
    ),
  };
};

async function killedThenRunAgain(
  runbook: Runbook<never>,
  change: (mortal: Mortal, one: Step<World>) => Step<World>,
): Promise<{ world: World; state: ExecutionState }> {
  const world = newWorld();
  const mortal = new Mortal();
  const record = recordOf(stateOf([started]), mortal);
  const killed = await run({
    runbook: withFakes(runbook, (one) => change(mortal, one)),
    context: world,
    record,
  }).catch((error: unknown) => error);
  expect(killed).to.be.instanceOf(Killed);
  const again = recordOf(record.state, new Mortal());
  const outcome = await run({ runbook: withFakes(runbook, (one) => one), context: world, record: again });
  expect(outcome.outcome).to.equal("done");
  return { world, state: again.state };
}

describe("a runner killed inside a step, and started again,", () => {
  for (const runbook of [failover, switchover])
    for (const [moment, dying] of Object.entries(moments))
      it(`finishes the ${runbook.name} with every effect once, whichever step it died in, ${moment}`, async () => {
        for (const { name } of stepsOf(runbook)) {
          const { world, state } = await killedThenRunAgain(runbook, (mortal, one) =>
            one.name === name ? dying(mortal, one) : one,
          );
          const names = stepsOf(runbook).map((each) => each.name);
          expect(world.effects, name).to.have.members(names);
          expect(
            state.settled.map((settled) => settled.step),
            name,
          ).to.have.members(names);
          expect(state.finished?.outcome).to.equal("done");
        }
      });

  it("would make an effect twice, were the step not asked whether it is done", async () => {
    const blind = ({ isDone: _, ...one }: Step<World>): Step<World> => one;
    const world = newWorld();
    const mortal = new Mortal();
    const record = recordOf(stateOf([started]), mortal);
    const dying = withFakes(failover, (one) =>
      one.name === "open" ? moments["behind the step's effect"](mortal, one) : one,
    );
    await run({ runbook: dying, context: world, record }).catch(() => undefined);
    const again = recordOf(record.state, new Mortal());
    await run({ runbook: withFakes(failover, blind), context: world, record: again });
    expect(world.effects.filter((effect) => effect === "open")).to.have.length(2);
  });
});

describe("a runner killed between two events, and started again,", () => {
  for (const runbook of [failover, switchover])
    it(`finishes the ${runbook.name} with every effect once, whichever event was its last`, async () => {
      const events = 2 * stepsOf(runbook).length + 1;
      for (let last = 0; last < events; last++) {
        const world = newWorld();
        const mortal = new Mortal();
        const living = recordOf(stateOf([started]), mortal);
        let written = 0;
        const record: Pick<ExecutionRecord, "state" | "append"> = {
          get state() {
            return living.state;
          },
          append: async (event, how) => {
            if (written++ === last) mortal.die();
            await living.append(event, how);
          },
        };
        const fakes = withFakes(runbook, (one) => one);
        await run({ runbook: fakes, context: world, record }).catch(() => undefined);
        expect(mortal.dead).to.equal(true);
        const again = recordOf(living.state, new Mortal());
        expect((await run({ runbook: fakes, context: world, record: again })).outcome).to.equal("done");
        expect(world.effects, `event ${last}`).to.have.members(fakes.parts.flatMap(namesOf));
      }
    });

  const namesOf = (part: Runbook<World>["parts"][number]): string[] =>
    "together" in part ? part.together.flat().map(({ name }) => name) : [part.name];
});
