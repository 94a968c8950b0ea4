import { readFileSync } from "node:fs";
import { runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import { targetSchema } from "@castle/dr-runbooks/target.ts";

/**
 * A process of its own that runs a handover and is killed, as by the machine's loss, at the moment the given step has
 * been begun. Arguments: the target's file, the runbook, the region, the step.
 */
const [file = "", runbook, to, step] = process.argv.slice(2);
const run = runbook === "failover" ? runFailover : runSwitchover;
await run({
  target: targetSchema.parse(JSON.parse(readFileSync(file, "utf8"))),
  to: targetSchema.shape.cells.keyType.parse(to),
  onEvent: (event) => {
    if (event.kind === "step-started" && event.step === step) process.kill(process.pid, "SIGKILL");
  },
});
