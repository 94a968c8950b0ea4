/**
 * Runs everything that judges Castle, one after the other and to the end whatever fails on the way, and prints the sum
 * of all mocha runs as its last line. Exit code 1 when anything failed.
 */
import { spawn } from "node:child_process";
import { type MochaCount, mochaCount } from "./mocha-count.ts";

/** npm scripts of package.json, in the order of what they cost. */
const steps = [
  { script: "types", counts: false },
  { script: "lint", counts: false },
  { script: "test:unit", counts: true },
  { script: "test:integration", counts: true },
  { script: "test:drill", counts: true },
] as const;

const failures: string[] = [];
const sum: MochaCount = { passed: 0, failed: 0 };

for (const { script, counts } of steps) {
  process.stdout.write(`\n== ${script}\n`);
  const { output, succeeded } = await run(script);
  if (!succeeded) failures.push(script);
  if (!counts) continue;
  const { passed, failed } = mochaCount(output);
  sum.passed += passed;
  // A run that broke down before it could count has failed all the same.
  sum.failed += succeeded || failed > 0 ? failed : 1;
}

if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(", ")}\n`);
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function run(script: string): Promise<{ output: string; succeeded: boolean }> {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...colour },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`npm cannot be started: ${error.message}\n`);
      resolve({ output, succeeded: false });
    });
    child.once("close", (code) => resolve({ output, succeeded: code === 0 }));
  });
}
