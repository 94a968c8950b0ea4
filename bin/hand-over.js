import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

/** Runs the launcher with another Node, and ends as that ends. Plain JavaScript, as the launcher is. */
export function handOver(node, launcher) {
  const child = spawn(node, [launcher, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends its own signals to the child as well, and twice is more than once; others' come to us alone.
  const atTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  for (const signal of ["SIGINT", "SIGQUIT"])
    process.on(signal, () => {
      if (!atTerminal) child.kill(signal);
    });
  child.on("error", (error) => {
    process.stderr.write(`castle: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + (constants.signals[signal] ?? 0));
  });
}
