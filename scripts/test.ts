/**
 * Runs what judges Castle, to the end whatever fails on the way; with --all also the tests whose title says
 * `[exhaustive]`: all cases of something of which the others test the gravest. Ends with what failed, once more, and the
 * sum of all mocha runs as its last line. Exit code 1 when anything failed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { failuresOf, mochaCount } from "./mocha-output.ts";

interface Step {
  /** An npm script of package.json. */
  readonly script: string;
  /** Several times what it takes on two busy cores: one that hangs is ended, and has failed. */
  readonly minutes: number;
  readonly counts: boolean;
}

interface Ended {
  readonly output: string;
  readonly succeeded: boolean;
  readonly seconds: number;
}

/** One group after the other; what is in a group starts together, and is told in order. */
const groups: readonly (readonly Step[])[] = [
  [
    { script: "lint", minutes: 10, counts: false },
    { script: "types", minutes: 10, counts: false },
    { script: "test:unit", minutes: 15, counts: true },
  ],
  [{ script: "test:integration", minutes: 60, counts: true }],
  [{ script: "test:drill", minutes: 60, counts: true }],
  ...(process.argv.includes("--all") ? [[{ script: "test:exhaustive", minutes: 60, counts: true }]] : []),
];

/** What tests start again and again is compiled once. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/castle", import.meta.url));

/** What is under way: Ctrl-C reaches no group but this process's own. */
const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal);
    process.exit(130);
  });

const failures: string[] = [];
let passed = 0;
let failed = 0;
let skipped = 0;

for (const group of groups) {
  const live = group.length === 1;
  const started = group.map((step) => ({ ...step, ended: run(step, live) }));
  for (const { script, counts, ended } of started) {
    process.stdout.write(`\n== ${script}\n`);
    const { output, succeeded, seconds } = await ended;
    if (!live) process.stdout.write(output);
    process.stdout.write(`== ${script}: ${seconds.toFixed(0)} s\n`);
    if (!succeeded) failures.push(`== ${script} failed\n${failuresOf(output)}`);
    if (!counts) continue;
    const count = mochaCount(output);
    passed += count.passed;
    skipped += count.skipped;
    // A run that broke down before it could count has failed all the same.
    failed += succeeded || count.failed > 0 ? count.failed : 1;
  }
}

if (failures.length > 0) process.stdout.write(`\n${failures.join("\n")}\n`);
if (skipped > 0) process.stdout.write(`\n${skipped} skipped: this machine lacks what they need\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @param live whether its output is shown as it comes */
function run({ script, minutes }: Step, live: boolean): Promise<Ended> {
  const startedAt = performance.now();
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, which can be ended as a whole.
    detached: true,
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...colour },
  });
  running.add(child);
  let output = "";
  const limit = setTimeout(() => {
    const last = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
    output += `\n${script} did not end within ${minutes} minutes; the last it told: ${last}\n`;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, minutes * 60_000);
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
      if (live) process.stdout.write(chunk);
    });
  return new Promise((resolve) => {
    const end = (succeeded: boolean): void => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ output, succeeded, seconds: (performance.now() - startedAt) / 1_000 });
    };
    child.once("error", (error) => {
      output += `npm cannot be started: ${error.message}\n`;
      end(false);
    });
    child.once("close", (code) => end(code === 0));
  });
}
