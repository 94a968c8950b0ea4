import { ClaimLost, type Mandate } from "@castle/dr-runbooks/engine/mandate.ts";
import { until } from "@castle/dr-runbooks/engine/poll.ts";
import { ExecutionRecord, listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { minutes } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { handover, newWorld, started, step, type World } from "./world.ts";

/** A claim that is lost when the test says so. */
class MortalMandate implements Mandate {
  readonly #lost = new AbortController();
  readonly lost = this.#lost.signal;

  loseTo(other: string | null): void {
    this.#lost.abort(new ClaimLost("it went elsewhere", other));
  }

  async ensure(): Promise<void> {
    this.lost.throwIfAborted();
  }
}

describe("a run whose claim is lost", () => {
  const folder = scratchFolder();

  /** Runs "look", "close", "point" and "last", and loses the claim in "close". */
  async function runUntilLost(lostIn: (mandate: MortalMandate) => Partial<Step<World>>) {
    const world = newWorld();
    const mandate = new MortalMandate();
    const record = await ExecutionRecord.create(folder(), started);
    const runbook = handover(step("last"));
    const parts = runbook.parts.map((part) =>
      "name" in part && part.name === "close" ? { ...part, ...lostIn(mandate) } : part,
    );
    const ended = await run({ runbook: { ...runbook, parts }, context: world, record, mandate });
    await record.close();
    expect("error" in ended && ended.error).to.be.instanceOf(ClaimLost);
    const [state] = await listExecutions(folder());
    return { effects: world.effects, outcome: ended.outcome, stopped: state?.stopped };
  }

  it("stops before the next step, and takes nothing back: whoever has the claim goes on from there", async () => {
    const { effects, outcome, stopped } = await runUntilLost((mandate) => ({
      run: async (world) => {
        world.effects.push("close");
        mandate.loseTo("failover-2");
      },
    }));
    expect(outcome).to.equal("stopped");
    expect(stopped).to.contain("it went elsewhere");
    expect(effects).to.deep.equal(["look", "close"]);
  });

  it("does not act in a step that it had begun to look at", async () => {
    const { effects } = await runUntilLost((mandate) => ({
      precondition: async () => {
        mandate.loseTo(null);
        return true;
      },
    }));
    expect(effects).to.deep.equal(["look"]);
  });

  it("is cut off in a step that waits", async () => {
    const { outcome } = await runUntilLost((mandate) => ({
      timeout: minutes(10),
      run: (_, at) => {
        setImmediate(() => mandate.loseTo("failover-2"));
        return until(async () => "it never comes", at);
      },
    }));
    expect(outcome).to.equal("stopped");
  });

  it("leaves the record alone when another runner of the same execution writes it by now", async () => {
    const { stopped } = await runUntilLost((mandate) => ({ run: async () => mandate.loseTo(started.id) }));
    expect(stopped).to.equal(null);
  });
});
