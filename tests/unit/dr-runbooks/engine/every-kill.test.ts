import type { Approval, Approver } from "@castle/dr-runbooks/engine/approval.ts";
import type { Condition } from "@castle/dr-runbooks/engine/condition.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import type { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import {
  approvalsOf,
  isApproval,
  namedPartsOf,
  type Part,
  type Runbook,
  stepsOf,
} from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { after, type ExecutionState, stateOf } from "@castle/dr-runbooks/engine/state.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { minutes } from "@castle/regions/duration.ts";
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

/** Where within an approval the process dies. */
const askingMoments = {
  "while its figures are measured": (mortal, one) => ({ ...one, asks: async () => mortal.die() }),
  "while it waits for an answer": (mortal, one) => ({
    ...one,
    word: () => {
      // The asking is recorded by now.
      return mortal.die();
    },
  }),
} satisfies Record<string, (mortal: Mortal, one: Approval<World>) => Approval<World>>;

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

/** How the parts are changed, so that somebody dies. */
interface Changes {
  readonly step?: (one: Step<World>) => Step<World>;
  readonly approval?: (one: Approval<World>) => Approval<World>;
  readonly condition?: (part: string) => Promise<boolean>;
}

/**
 * The runbook's own order, branches, approvals and conditions, with steps that only mark what they did, and conditions
 * that hold unless changed.
 */
function withFakes(runbook: Runbook<never>, changes: Changes = {}): Runbook<World> {
  const when = (part: string, own: Condition<never> | undefined): { when?: Condition<World> } =>
    own ? { when: { words: own.words, holds: () => (changes.condition ?? (async () => true))(part) } } : {};
  const fake = ({ name, when: own }: Step<never>): Step<World> =>
    (changes.step ?? ((one) => one))(step(name, when(name, own)));
  const fakePart = (part: Part<never>): Part<World> => {
    if (isApproval(part)) {
      const { name, purpose, counts, ahead } = part;
      const own = {
        ...when(name, part.when),
        word: () => "yes",
        asks: async () => ({ figures: [`figures of ${name}`] }),
      };
      return (changes.approval ?? ((one) => one))({ name, purpose, counts, ahead, ...own });
    }
    if (!("together" in part)) return fake(part);
    const names = part.together
      .flat()
      .map(({ name }) => name)
      .join();
    return { together: part.together.map((branch) => branch.map(fake)), ...when(names, part.when) };
  };
  return { ...runbook, parts: runbook.parts.map(fakePart) };
}

const agrees: Approver = async () => ({
  agreed: true,
  how: "terminal",
  by: { user: "ada", host: "console", pid: 7 },
});

const namesOf = (parts: readonly { readonly name: string }[]): string[] => parts.map(({ name }) => name);

/** Runs until it is killed, and again to the end. */
async function killedThenRunAgain(
  runbook: Runbook<never>,
  dying: (mortal: Mortal) => Changes,
): Promise<{ world: World; state: ExecutionState }> {
  const world = newWorld();
  const mortal = new Mortal();
  const record = recordOf(stateOf([started]), mortal);
  const options = { context: world, approver: agrees };
  const killed = await run({ ...options, runbook: withFakes(runbook, dying(mortal)), record }).catch(
    (error: unknown) => error,
  );
  expect(killed).to.be.instanceOf(Killed);
  const again = recordOf(record.state, new Mortal());
  const outcome = await run({ ...options, runbook: withFakes(runbook), record: again });
  expect(outcome.outcome).to.equal("done");
  return { world, state: again.state };
}

function everythingOnce(runbook: Runbook<never>, world: World, state: ExecutionState, where: string): void {
  const steps = namesOf(stepsOf(runbook));
  expect(world.effects, where).to.have.members(steps);
  expect(
    state.settled.map((settled) => settled.step),
    where,
  ).to.have.members(steps);
  for (const { name } of approvalsOf(runbook))
    expect(state.approvals[name]?.given, `${where}: ${name}`).to.not.equal(null);
  expect(state.finished?.outcome).to.equal("done");
}

for (const { runbook } of catalogue)
  describe(`a runner of the ${runbook.name} that is killed, and started again,`, () => {
    for (const [moment, dies] of Object.entries(moments))
      it(`finishes with every effect once, whichever step it died in, ${moment}`, async () => {
        for (const { name } of stepsOf(runbook)) {
          const { world, state } = await killedThenRunAgain(runbook, (mortal) => ({
            step: (one) => (one.name === name ? dies(mortal, one) : one),
          }));
          everythingOnce(runbook, world, state, name);
        }
      });

    if (approvalsOf(runbook).length > 0)
      for (const [moment, dies] of Object.entries(askingMoments))
        it(`finishes, approved, whichever approval it died in, ${moment}`, async () => {
          for (const { name } of approvalsOf(runbook)) {
            const { world, state } = await killedThenRunAgain(runbook, (mortal) => ({
              approval: (one) => (one.name === name ? dies(mortal, one) : one),
            }));
            everythingOnce(runbook, world, state, name);
          }
        });

    const conditional = namedPartsOf(runbook).filter(({ when }) => when);
    if (conditional.length > 0) {
      it("finishes, whichever condition it died looking at", async () => {
        for (const { name } of conditional) {
          const { world, state } = await killedThenRunAgain(runbook, (mortal) => ({
            condition: async (part) => (part === name ? mortal.die() : true),
          }));
          everythingOnce(runbook, world, state, name);
        }
      });

      it("asks for nothing, where no condition holds", async () => {
        const world = newWorld();
        const record = recordOf(stateOf([started]), new Mortal());
        const fakes = withFakes(runbook, { condition: async () => false });
        expect((await run({ runbook: fakes, context: world, record })).outcome).to.equal("done");
        expect(Object.values(record.state.approvals).flatMap(({ asked }) => asked)).to.deep.equal([]);
        const always = stepsOf(runbook).filter(({ when }) => !when);
        expect(world.effects).to.have.members(namesOf(always));
      });
    }

    it("finishes with every effect once, whichever event was its last", async () => {
      const counting = recordOf(stateOf([started]), new Mortal());
      let events = 0;
      const counted: typeof counting = {
        get state() {
          return counting.state;
        },
        append: async (event, how) => {
          events += 1;
          await counting.append(event, how);
        },
      };
      await run({ runbook: withFakes(runbook), context: newWorld(), record: counted, approver: agrees });
      expect(events).to.be.at.least(2 * stepsOf(runbook).length + 2 * approvalsOf(runbook).length + 1);

      for (let last = 0; last < events; last++) {
        const world = newWorld();
        const mortal = new Mortal();
        const living = recordOf(stateOf([started]), mortal);
        let written = 0;
        const record: typeof living = {
          get state() {
            return living.state;
          },
          append: async (event, how) => {
            if (written++ === last) mortal.die();
            await living.append(event, how);
          },
        };
        const options = { runbook: withFakes(runbook), context: world, approver: agrees };
        await run({ ...options, record }).catch(() => undefined);
        expect(mortal.dead).to.equal(true);
        const again = recordOf(living.state, new Mortal());
        expect((await run({ ...options, record: again })).outcome).to.equal("done");
        everythingOnce(runbook, world, again.state, `event ${last}`);
      }
    });
  });

describe("a runner that is killed, and started again,", () => {
  it("would make an effect twice, were the step not asked whether it is done", async () => {
    const blind = ({ isDone: _, ...one }: Step<World>): Step<World> => one;
    const world = newWorld();
    const mortal = new Mortal();
    const record = recordOf(stateOf([started]), mortal);
    const dying = withFakes(failover, {
      step: (one) => (one.name === "open" ? moments["behind the step's effect"](mortal, one) : one),
    });
    const options = { context: world, approver: agrees };
    await run({ ...options, runbook: dying, record }).catch(() => undefined);
    const again = recordOf(record.state, new Mortal());
    await run({ ...options, runbook: withFakes(failover, { step: blind }), record: again });
    expect(world.effects.filter((effect) => effect === "open")).to.have.length(2);
  });

  it("is not asked again for what was approved before, unless the answer is too old", async () => {
    const mortal = new Mortal();
    const record = recordOf(stateOf([started]), mortal);
    const dying = withFakes(failover, {
      step: (one) => (one.name === "take-the-role" ? moments["before the step's effect"](mortal, one) : one),
    });
    const world = newWorld();
    await run({ runbook: dying, context: world, record, approver: agrees }).catch(() => undefined);
    const given = record.state.approvals["consent-to-loss"]?.given ?? expect.fail("it was not approved");
    const old = { ...given, until: Date.now() - minutes(1).ms };

    for (const [answer, askings] of [
      [given, 1],
      [old, 2],
    ] as const) {
      const state = after(record.state, answer);
      const again = recordOf(state, new Mortal());
      await run({ runbook: withFakes(failover), context: newWorld(), record: again, approver: agrees });
      expect(again.state.approvals["consent-to-loss"]?.asked).to.have.length(askings);
    }
  });
});
