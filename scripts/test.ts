/**
 * Runs everything that judges Castle, one after the other and to the end whatever fails on the way. Ends with what
 * failed, told again, and the sum of all mocha runs as its last line. Exit code 1 when anything failed.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { failuresOf, mochaCount } from "./mocha-output.ts";

interface Step {
  /** An npm script of package.json. */
  readonly script: string;
  readonly counts: boolean;
}

const steps: readonly Step[] = [
  { script: "types", counts: false },
  { script: "lint", counts: false },
  { script: "test:unit", counts: true },
  { script: "test:integration", counts: true },
  { script: "test:drill", counts: true },
];

const COMPILED = fileURLToPath(new URL("../node_modules/.cache/castle", import.meta.url));

const failures: string[] = [];
let passed = 0;
let failed = 0;

for (const { script, counts } of steps) {
  process.stdout.write(`\n== ${script}\n`);
  const startedAt = performance.now();
  const { output, succeeded } = await run(script);
  process.stdout.write(`== ${script}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s\n`);
  if (!succeeded) failures.push(`== ${script} failed\n${failuresOf(output)}`);
  if (!counts) continue;
  const count = mochaCount(output);
  passed += count.passed;
  // A run that broke down before it could count has failed all the same.
  failed += succeeded || count.failed > 0 ? count.failed : 1;
}

if (failures.length > 0) process.stdout.write(`\n${failures.join("\n")}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function run(script: string): Promise<{ output: string; succeeded: boolean }> {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "pipe", "pipe"],
    // What tests start again and again is compiled once.
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...colour },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk;
    process.stderr.write(chunk);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`npm cannot be started: ${error.message}\n`);
      resolve({ output, succeeded: false });
    });
    child.once("close", (code) => resolve({ output, succeeded: code === 0 }));
  });
}
