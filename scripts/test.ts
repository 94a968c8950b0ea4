/**
 * Runs everything that judges Castle, to the end whatever fails on the way, and prints the sum
 * of all mocha runs as its last line. Exit code 1 when anything failed.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { type MochaCount, mochaCount } from "./mocha-count.ts";

interface Step {
  /** An npm script of package.json. */
  readonly script: string;
  readonly counts: boolean;
}

/** On fewer cores the lanes would only take each other's time, and tests would meet their deadlines. */
const CORES_FOR_TWO_LANES = 4;

/** Two lanes beside each other: much of either is waiting. Within a lane one step follows the other. */
const shown: readonly Step[] = [
  { script: "types", counts: false },
  { script: "lint", counts: false },
  { script: "test:unit", counts: true },
  { script: "test:integration", counts: true },
];
/** Told when it has ended, so that the lanes do not talk at the same time. */
const beside: readonly Step[] = [{ script: "test:drill", counts: true }];

const failures: string[] = [];
const sum: MochaCount = { passed: 0, failed: 0 };

if (availableParallelism() >= CORES_FOR_TWO_LANES)
  await Promise.all([lane(shown, { live: true }), lane(beside, { live: false })]);
else await lane([...shown, ...beside], { live: true });

if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(", ")}\n`);
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function lane(steps: readonly Step[], { live }: { live: boolean }): Promise<void> {
  for (const { script, counts } of steps) {
    process.stdout.write(`\n== ${script}${live ? "" : " (beside the others; told when it ends)"}\n`);
    const { output, succeeded } = await run(script, live);
    if (!live) process.stdout.write(`\n== ${script}\n${output}`);
    if (!succeeded) failures.push(script);
    if (!counts) continue;
    const { passed, failed } = mochaCount(output);
    sum.passed += passed;
    // A run that broke down before it could count has failed all the same.
    sum.failed += succeeded || failed > 0 ? failed : 1;
  }
}

function run(script: string, live: boolean): Promise<{ output: string; succeeded: boolean }> {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...colour },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    if (live) process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`npm cannot be started: ${error.message}\n`);
      resolve({ output, succeeded: false });
    });
    child.once("close", (code) => resolve({ output, succeeded: code === 0 }));
  });
}
