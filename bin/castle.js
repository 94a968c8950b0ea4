#!/usr/bin/env node
// Plain JavaScript for whatever Node this machine has (18 and newer): hands over to the Node that npm has installed
// beside us, which runs TypeScript as it is.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const modules = file("../node_modules");
const pinned = file("../node_modules/.bin/node");
const [major] = process.versions.node.split(".");

if (!existsSync(modules)) {
  process.stderr.write("castle: its packages are not installed; run `make setup` in its folder\n");
  process.exitCode = 1;
} else if (Number(major) >= NEEDED) {
  await import("./castle.ts");
} else if (!existsSync(pinned)) {
  process.stderr.write(
    `castle: needs Node ${NEEDED} and this is ${process.version}; run \`make setup\` in its folder, or install Node ${NEEDED}\n`,
  );
  process.exitCode = 1;
} else {
  handOver();
}

function handOver() {
  const child = spawn(pinned, [file("castle.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends its own signals to the child as well, and twice is more than once; others' come to us alone.
  const atTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  for (const signal of ["SIGINT", "SIGQUIT"])
    process.on(signal, () => {
      if (!atTerminal) child.kill(signal);
    });
  child.on("error", (error) => {
    process.stderr.write(`castle: ${pinned} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + (constants.signals[signal] ?? 0));
  });
}
