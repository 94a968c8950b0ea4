import { readFileSync } from "node:fs";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { runbooks, runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import { targetSchema } from "@castle/dr-runbooks/target.ts";

/**
 * A process of its own that runs a handover and is killed, as by the machine's loss, at the given step: the moment it
 * begins, or once its effect is made (or found made) and nothing of that is written. Arguments: the target's file, the
 * runbook, the region, the step, `begins` or `inside`.
 */
const [file = "", runbook, to, name, when] = process.argv.slice(2);
const kind = runbook === "failover" ? "failover" : "switchover";
const run = kind === "failover" ? runFailover : runSwitchover;
const die = (): void => void process.kill(process.pid, "SIGKILL");

const step = stepsOf(runbooks[kind]).find((each) => each.name === name);
if (when === "inside" && step) {
  const { isDone, run: act } = step;
  Object.assign(step, {
    run: async (...given: Parameters<typeof act>) => {
      await act(...given);
      die();
    },
    ...(isDone && {
      isDone: async (...given: Parameters<typeof isDone>) => {
        const done = await isDone(...given);
        if (done) die();
        return done;
      },
    }),
  });
}
await run({
  target: targetSchema.parse(JSON.parse(readFileSync(file, "utf8"))),
  to: targetSchema.shape.cells.keyType.parse(to),
  onEvent: (event) => {
    if (when !== "inside" && event.kind === "step-started" && event.step === name) die();
  },
});
