import { watchedWhile } from "@castle/dr-runbooks/engine/poll.ts";
import type { At, Step } from "@castle/dr-runbooks/engine/step.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import type { Progress } from "@castle/regions/patience.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { begin, handover, newWorld, step, type World } from "./world.ts";

describe("the runner, with time", () => {
  const folder = scratchFolder();

  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  it("tries a passing error again, asking first whether the failed attempt did it after all", async () => {
    const world = newWorld();
    const flaky = step("flaky", {
      run: async ({ done, effects }) => {
        effects.push("flaky");
        done.add("flaky");
        throw gone;
      },
    });
    const { outcome, state } = await begin(folder(), handover(flaky), world);
    expect(outcome.outcome).to.equal("done");
    expect(world.effects.filter((effect) => effect === "flaky")).to.have.length(1);
    expect(state.settled.at(-1)?.outcome, "its own work, though its answer got lost").to.equal("done");
  });

  it("stops trying at the step's timeout, and names what it last found", async () => {
    const flaky = step("flaky", { timeout: milliseconds(120), run: () => Promise.reject(gone) });
    const { outcome } = await begin(folder(), handover(flaky), newWorld());
    if (outcome.outcome !== "stopped") throw new Error(`ended as ${outcome.outcome}`);
    expect(outcome.error.message).to.match(
      /flaky was not done within 120 ms; last found: connect ECONNREFUSED/,
    );
  });

  it("keeps to the attempts of the step's own policy", async () => {
    let attempts = 0;
    const twice = step("twice", {
      run: async () => {
        attempts += 1;
        throw gone;
      },
      retry: { attempts: 2, pause: milliseconds(1), transient: () => true },
    });
    await begin(folder(), handover(twice), newWorld());
    expect(attempts).to.equal(2);
  });

  it("does not try again what cannot pass", async () => {
    let attempts = 0;
    const wrong = step("wrong", {
      run: async () => {
        attempts += 1;
        throw new Error("no such column");
      },
    });
    await begin(folder(), handover(wrong), newWorld());
    expect(attempts).to.equal(1);
  });

  const waits = (name: string, until: (world: World, at: At) => Promise<true | Progress>): Step<World> =>
    step(name, { timeout: milliseconds(60), pollEvery: milliseconds(1), precondition: until });

  it("waits on beyond the step's timeout for as long as what it waits for comes nearer", async () => {
    const startedAt = performance.now();
    let reached = 0;
    const slow = waits(
      "slow",
      async () => performance.now() - startedAt > 300 || { reached: ++reached, words: `at ${reached}` },
    );
    expect((await begin(folder(), handover(slow), newWorld())).outcome.outcome).to.equal("done");
  });

  it("gives up once that stands still, and tells how far it came", async () => {
    let readings = 0;
    const stuck = waits("stuck", async () => {
      readings += 1;
      const reached = Math.min(readings, 5);
      return { reached, words: `replayed ${reached} of 9` };
    });
    const { outcome } = await begin(folder(), handover(stuck), newWorld());
    if (outcome.outcome !== "stopped") throw new Error(`ended as ${outcome.outcome}`);
    expect(outcome.error.message).to.equal(
      "stuck could not begin and nothing moved for 60 ms; last found: replayed 5 of 9",
    );
  });

  it("lets work that moves go on beyond the timeout", async () => {
    let copied = 0;
    const copying = step("copying", {
      timeout: milliseconds(100),
      run: (world, at) => {
        const work = new Promise<void>((done) => setTimeout(done, 400)).then(() => {
          world.done.add("copying");
        });
        const look = async () => ({ reached: ++copied, words: `${copied} copied` });
        return watchedWhile(work, look, at, milliseconds(10));
      },
    });
    expect((await begin(folder(), handover(copying), newWorld())).outcome.outcome).to.equal("done");
  });

  it("tells whoever watches what is waited for, and how far it is", async () => {
    const awaited: string[] = [];
    let readings = 0;
    const late = waits("late", async () => ++readings > 2 || { reached: readings, words: `at ${readings}` });
    await begin(folder(), handover(late), newWorld(), { onAwaiting: (what) => awaited.push(what) });
    expect(awaited).to.deep.equal(["late: at 1", "late: at 2"]);
  });

  it("gives up on a step that hangs and hears no signal", async () => {
    const deaf = step("deaf", { timeout: milliseconds(30), run: () => new Promise<void>(() => undefined) });
    const { outcome, state, told } = await begin(folder(), handover(deaf), newWorld());
    expect(outcome).to.include({ outcome: "stopped", step: "deaf" });
    expect(told.find((event) => event.kind === "step-failed")).to.include({ how: "timed-out" });
    expect(state.failure?.error).to.contain("nothing was heard of it");
  });

  it("verifies until it holds", async () => {
    let looks = 0;
    const late = step("late", { verify: async () => ++looks === 3 || `looked ${looks} times` });
    expect((await begin(folder(), handover(late), newWorld())).outcome.outcome).to.equal("done");
    expect(looks).to.equal(3);
  });

  it("fails a step whose verification never holds, and names why", async () => {
    const never = step("never", {
      timeout: milliseconds(80),
      verify: async () => "the writer is elsewhere",
    });
    const { outcome } = await begin(folder(), handover(never), newWorld());
    if (outcome.outcome !== "stopped") throw new Error(`ended as ${outcome.outcome}`);
    expect(outcome.error.message).to.contain("last found: the writer is elsewhere");
  });
});
