import { WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { symbols } from "@castle/services/kernel/domain/symbols.ts";
import { lookAround } from "../bootstrap/found.ts";
import { performTask } from "../bootstrap/perform.ts";
import { planBootstrap, planMigrate } from "../bootstrap/plan.ts";
import { tellFound, tellTask } from "../bootstrap/tell.ts";
import { someoneIsThere, typed } from "./ask.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import type { BootstrapFlags } from "./register-bootstrap.ts";

/** `castle bootstrap` and `castle migrate`. @returns the exit code */
export async function bootstrapCommand(
  kind: "bootstrap" | "migrate",
  flags: BootstrapFlags,
): Promise<number> {
  try {
    const target = await findTarget(flags);
    const found = await lookAround(target);
    const plan =
      kind === "migrate"
        ? planMigrate(found)
        : planBootstrap(found, [WALLET_STREAM, ...symbols.map(({ name }) => name)]);
    const tell = (words: readonly string[], json: object): void => {
      const lines = flags.json ? [JSON.stringify(json)] : words;
      for (const line of lines) process.stdout.write(`${line}\n`);
    };
    tell([target.name, ...tellFound(found).map((line) => `  ${line}`)], { event: "found", ...found });

    if ("refused" in plan) {
      tell(["refused; nothing was changed", ...plan.refused.map((because) => `  ${because}`)], {
        event: "refused",
        because: plan.refused,
      });
      return exitCode.failed;
    }
    const { tasks } = plan;
    tell(
      tasks.length === 0
        ? ["nothing to do: it stands already"]
        : [flags.dryRun ? "would" : "to do", ...tasks.map((task) => `  ${tellTask(task)}`)],
      { event: "plan", tasks },
    );
    if (tasks.length === 0 || flags.dryRun) return exitCode.good;
    if (!flags.yes && !(await agreed(kind, flags))) {
      tell(["nothing was changed"], { event: "declined" });
      return exitCode.failed;
    }
    for (const task of tasks) {
      await performTask(target, task);
      tell([`done  ${tellTask(task)}`], { event: "done", task });
    }
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}

/** @throws UsageError when nobody is there to ask */
async function agreed(kind: string, { json }: BootstrapFlags): Promise<boolean> {
  if (json || !someoneIsThere())
    throw new UsageError(
      `nobody is at a terminal to agree to castle ${kind}: add --yes, or --dry-run to look`,
    );
  return (await typed(`Type ${kind} to go ahead: `)) === kind;
}
