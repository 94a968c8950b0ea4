#!/usr/bin/env node
// Plain JavaScript for whatever Node this machine has (18 and newer): hands over to the Node that npm has installed
// beside us, which runs TypeScript as it is.
import { existsSync } from "node:fs";
import module from "node:module";
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
  useCompileCache();
  await import("./castle.ts");
} else if (!existsSync(pinned)) {
  process.stderr.write(
    `castle: needs Node ${NEEDED} and this is ${process.version}; run \`make setup\` in its folder, or install Node ${NEEDED}\n`,
  );
  process.exitCode = 1;
} else {
  const { handOver } = await import("./hand-over.js");
  handOver(pinned, file("castle.js"));
}

/**
 * Most of a command's start is compiling: what was compiled once is kept, types stripped, beside the packages. Where
 * they cannot be written to, it is kept in the user's own folder, and where that cannot be either, not at all. Never in
 * a shared temporary folder, where somebody else could leave code for us to run.
 */
function useCompileCache() {
  const { FAILED } = module.constants.compileCacheStatus;
  const { HOME, XDG_CACHE_HOME = HOME && `${HOME}/.cache` } = process.env;
  const { status } = module.enableCompileCache(`${modules}/.cache/castle`);
  if (status === FAILED && XDG_CACHE_HOME) module.enableCompileCache(`${XDG_CACHE_HOME}/castle`);
}
