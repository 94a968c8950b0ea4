import { exitCode } from "@castle/dr-runbooks/cli/exit.ts";

/**
 * The first Ctrl-C (or SIGTERM) ends the work in order; another one ends this process at once, and the lab's reaper
 * clears away what it leaves.
 */
export function interruptedBySignals(): { readonly signal: AbortSignal; readonly ignore: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    ignore: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
