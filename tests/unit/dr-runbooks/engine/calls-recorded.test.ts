import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ExecutionEvent, executionEventSchema } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord, SUFFIX } from "@castle/dr-runbooks/engine/record.ts";
import type { Runbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { callBegun, HeardCalls } from "@castle/regions/calls/heard.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { handover, newWorld, started, step, type World } from "./world.ts";

/** Asks AWS, as a client does that tells of its calls. @returns what to call with the answer */
const ask = (operation: string) => {
  const answer = callBegun(() => ({ service: "rds", operation, region: "eu-west-1", resource: null }));
  return () => answer?.({ status: 200, error: null, requestId: "r" });
};

describe("the calls that an execution makes", () => {
  const folder = scratchFolder();

  async function recorded(runbook: Runbook<World>, calls = new HeardCalls()): Promise<ExecutionEvent[]> {
    const record = await ExecutionRecord.create(folder(), started);
    await run({ runbook, context: newWorld(), record, calls });
    await record.close();
    const text = readFileSync(join(folder(), started.id + SUFFIX), "utf8");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => executionEventSchema.parse(JSON.parse(line).event));
  }

  const told = (events: readonly ExecutionEvent[]) =>
    events.flatMap((event) =>
      event.kind === "call" ? [`${event.operation} during ${event.during}: ${event.status}`] : [],
    );

  it("stand in its record, each with the step that made it", async () => {
    const promote = step("promote", {
      isDone: async () => {
        ask("DescribeGlobalClusters")();
        return false;
      },
      run: async () => ask("FailoverGlobalCluster")(),
      verify: async () => true,
    });
    const calls = new HeardCalls();
    await calls.during(null, async () => ask("GetItem")());
    const events = await recorded(handover(promote), calls);
    expect(told(events)).to.deep.equal([
      "GetItem during null: 200",
      "DescribeGlobalClusters during promote: 200",
      "FailoverGlobalCluster during promote: 200",
    ]);
    const { reads } = events.find((event) => event.kind === "call" && !event.reads) as { reads: boolean };
    expect(reads).to.equal(false);
  });

  it("are told of the branch that made them, where two run beside each other", async () => {
    const slow = (name: string) =>
      step(name, {
        run: async () => {
          await new Promise(setImmediate);
          ask(`Of${name}`)();
        },
        isDone: async () => false,
        verify: async () => true,
      });
    const events = await recorded(handover({ together: [[slow("A")], [slow("B")]] }));
    expect(told(events).sort()).to.deep.equal(["OfA during A: 200", "OfB during B: 200"]);
  });

  it("are told as unanswered where the step gave up before them, and nothing stands behind the record's end", async () => {
    let answer = (): void => undefined;
    const stuck = step("stuck", {
      timeout: milliseconds(20),
      bestEffort: true,
      isDone: async () => false,
      run: () => {
        answer = ask("UpdateEndpointGroup");
        return new Promise<never>(() => undefined);
      },
    });
    const events = await recorded(handover(stuck));
    answer();
    expect(told(events)).to.deep.equal(["UpdateEndpointGroup during stuck: null"]);
    expect(events.at(-1)?.kind).to.equal("finished");
  });
});
