import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExecutionRecord, listExecutions, RecordInvalid } from "@castle/dr-runbooks/engine/record.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";

const started = (id: string, at = 1) =>
  ({ kind: "started", at, id, runbook: "test", plan: { to: "b" } }) as const;
const done = (step: string) => ({ kind: "step-done", at: 3, step, how: "done", ms: 1 }) as const;
const durable = { durable: true };

describe("the record of an execution", () => {
  const folder = scratchFolder();
  const path = (id: string): string => join(folder(), `${id}.jsonl`);

  it("is read back as it was written", async () => {
    const record = await ExecutionRecord.create(folder(), started("one"));
    await record.append({ kind: "step-started", at: 2, step: "look" }, durable);
    await record.append({ ...done("look"), facts: { copied: 3 } }, { durable: false });
    await record.close();
    const again = await ExecutionRecord.open(folder(), "one");
    await again.close();
    expect(again.state).to.deep.equal(record.state);
    expect(again.state.settled[0]).to.include({ step: "look", startedAt: 2, endedAt: 3, outcome: "done" });
  });

  it("is one line of JSON for each event, also when branches write at the same time", async () => {
    const record = await ExecutionRecord.create(folder(), started("one"));
    const names = Array.from({ length: 50 }, (_, n) => `step-${n}`);
    await Promise.all(names.map((name, n) => record.append(done(name), { durable: n % 2 === 0 })));
    await record.close();
    const lines = readFileSync(path("one"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).event.step)).to.deep.equal([undefined, ...names]);
  });

  it("belongs to one execution: another of the same id is refused", async () => {
    await (await ExecutionRecord.create(folder(), started("one"))).close();
    const second = await ExecutionRecord.create(folder(), started("one")).catch((error: unknown) => error);
    expect(second).to.have.property("code", "EEXIST");
  });

  it("loses a line that a kill tore, and goes on behind the last whole one", async () => {
    await (await ExecutionRecord.create(folder(), started("one"))).close();
    appendFileSync(path("one"), '{"kind":"step-done","at":3,"st');
    const record = await ExecutionRecord.open(folder(), "one");
    expect(record.state.settled).to.deep.equal([]);
    await record.append(done("look"), durable);
    await record.close();
    expect((await listExecutions(folder()))[0]?.settled.map(({ step }) => step)).to.deep.equal(["look"]);
  });

  for (const [what, line] of [
    ["no JSON", "hello"],
    ["no event", '{"kind":"rumour","at":1}'],
    ["an event with a mistake", '{"kind":"step-done","at":3,"step":"look","how":"perhaps","ms":1}'],
  ])
    it(`names file and line when a line is ${what}`, async () => {
      await (await ExecutionRecord.create(folder(), started("one"))).close();
      appendFileSync(path("one"), `${line}\n`);
      const error = await ExecutionRecord.open(folder(), "one").catch((found: unknown) => found);
      expect(error).to.be.instanceOf(RecordInvalid);
      expect(String(error)).to.contain("one.jsonl, line 2");
    });
});

describe("the folder of executions", () => {
  const folder = scratchFolder();

  it("holds none when it does not exist", async () => {
    expect(await listExecutions(join(folder(), "nowhere"))).to.deep.equal([]);
  });

  it("is listed oldest first, and without what died before its first line", async () => {
    await (await ExecutionRecord.create(folder(), started("late", 20))).close();
    await (await ExecutionRecord.create(folder(), started("early", 10))).close();
    writeFileSync(join(folder(), "torn.jsonl"), '{"kind":"star');
    writeFileSync(join(folder(), "early.lock-1"), "{}");
    expect((await listExecutions(folder())).map(({ id }) => id)).to.deep.equal(["early", "late"]);
  });
});
