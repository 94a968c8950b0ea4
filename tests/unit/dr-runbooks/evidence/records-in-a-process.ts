import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";

/** A process of its own that records five executions. Arguments: the folder, and what their ids begin with. */
const [folder = "", name] = process.argv.slice(2);
for (let n = 0; n < 5; n++) {
  const started = { kind: "started", at: n, id: `${name}-${n}`, runbook: "test", plan: {} } as const;
  const record = await ExecutionRecord.create(folder, started);
  await record.append({ kind: "finished", at: n, outcome: "done" }, { durable: true });
  await record.close();
}
