import { digestOf } from "@castle/dr-runbooks/engine/approval.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { expect } from "chai";
import { scratchFolder } from "../engine/scratch.ts";
import { started } from "../engine/world.ts";
import { verified } from "./recorded.ts";

/** Written by whoever has the key, so that the chain holds: what no runner writes is told all the same. */
describe("approvals in a record", () => {
  const folder = scratchFolder();
  const by = { user: "ada", host: "console", pid: 7 };
  const what = { execution: started.id, approval: "hold", figures: ["3 are missing"], measuredAt: 5 };
  const digest = digestOf(what);
  const asked = (change: object = {}): ExecutionEvent => ({
    ...{
      kind: "approval-asked",
      at: 6,
      approval: "hold",
      purpose: "Go on.",
      measuredAt: 5,
      until: 9,
      digest,
    },
    ...{ figures: what.figures, ...change },
  });
  const given = (change: object = {}): ExecutionEvent => ({
    ...{ kind: "approval-given", at: 7, approval: "hold", how: "terminal", by, until: 9, digest },
    ...{ figures: what.figures, ...change },
  });

  async function problems(...events: ExecutionEvent[]): Promise<string[]> {
    const record = await ExecutionRecord.create(folder(), started);
    for (const event of events) await record.append(event, { durable: true });
    await record.close();
    return (await verified(folder())).problems.map((problem) => `${problem.line}: ${problem.what}`);
  }

  it("are as they were written when an answer follows its question", async () => {
    expect(await problems(asked(), given())).to.deep.equal([]);
  });

  it("are found out when something was approved that nobody asked", async () => {
    expect(await problems(given())).to.deep.equal(["2: approves what nobody asked"]);
  });

  it("are found out when the figures are others than those that were asked about", async () => {
    const told = await problems(asked({ figures: ["nothing is missing"] }), given());
    expect(told).to.deep.equal(["2: asks about other figures than its digest"]);
  });
});
