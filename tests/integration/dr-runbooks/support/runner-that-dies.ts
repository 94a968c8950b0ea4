import { readFileSync } from "node:fs";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { operations, runIsolate, runRejoin } from "@castle/dr-runbooks/runbooks/operations/run.ts";
import { runbooks, runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import { targetSchema } from "@castle/dr-runbooks/target.ts";

/**
 * A process of its own that runs a runbook and is killed, as by the machine's loss, at the given step: the moment it
 * begins, once it waits, or once its effect is made (or found made) and nothing of that is written. Or it is frozen
 * there, before the effect. Arguments: the target's file, the runbook, the region, the step, `begins`, `waits`,
 * `inside` or `freezes`.
 */
const [file = "", runbook = "", place = "", name = "", when = ""] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, "SIGKILL");

const all: Readonly<Record<string, readonly Step<never>[]>> = {
  failover: stepsOf(runbooks.failover),
  switchover: stepsOf(runbooks.switchover),
  isolate: stepsOf(operations.isolate),
  rejoin: stepsOf(operations.rejoin),
};
const step = all[runbook]?.find((each) => each.name === name);
if (!step) throw new Error(`${runbook} has no step ${name}`);
const { isDone, run: act } = step;
if (when === "inside")
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
if (when === "freezes")
  Object.assign(step, {
    precondition: async () => {
      process.kill(process.pid, "SIGSTOP");
      return true;
    },
  });

const target = targetSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const region = targetSchema.shape.cells.keyType.parse(place);
const onEvent = (event: { readonly kind: string; readonly step?: string }): void => {
  if (when === "begins" && event.kind === "step-started" && event.step === name) die();
};
const onAwaiting = (what: string): void => {
  if (when === "waits" && what.startsWith(`${name}: `)) die();
};
const run: Readonly<Record<string, () => Promise<unknown>>> = {
  failover: () => runFailover({ target, to: region, onEvent }),
  switchover: () => runSwitchover({ target, to: region, onEvent }),
  isolate: () => runIsolate({ target, region, onEvent }),
  rejoin: () => runRejoin({ target, region, onEvent, onAwaiting }),
};
await run[runbook]?.();
