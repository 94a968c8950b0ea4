/**
 * What the runner itself costs, beside what its steps do: `node tests/bench/runner.ts`. Records are written to the
 * folder that is named as the argument, or to the system's temporary one: what a disk takes to make a line durable is
 * most of it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { lineOf, nextEntry, rootOf } from "@castle/dr-runbooks/evidence/chain.ts";
import { keyFileIn, loadSigningKey, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { seconds } from "@castle/regions/duration.ts";

const EVENTS = 1_000;
const FAILOVERS = 20;

const started = (id: string) =>
  ({ kind: "started", at: Date.now(), id, runbook: "failover", plan: {} }) as const;
const event = { kind: "step-started", at: 1, step: "promote-database" } as const;

/** The failover's order and branches, with steps that do nothing. */
const nothing = ({ name }: { readonly name: string }): Step<null> => ({
  name,
  purpose: "Does nothing.",
  timeout: seconds(5),
  isDone: async () => false,
  run: async () => undefined,
  verify: async () => true,
});
const runbook = {
  ...failover,
  parts: failover.parts.map((part) =>
    "together" in part ? { together: part.together.map((branch) => branch.map(nothing)) } : nothing(part),
  ),
};

async function spent(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const tell = (what: string, figure: number, unit: string): void =>
  console.log(`${what.padEnd(58)} ${figure.toFixed(figure < 10 ? 3 : 1).padStart(9)} ${unit}`);

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "castle-bench-"));
try {
  const key = await loadSigningKey(keyFileIn(folder));
  const chainedMs = await spent(async () => {
    let head = rootOf("bench");
    for (let n = 0; n < EVENTS; n++) {
      const entry = nextEntry("bench", head, event, key);
      lineOf(entry);
      head = entry;
    }
  });
  tell("an event chained and signed", (chainedMs * 1_000) / EVENTS, "µs");

  const record = await ExecutionRecord.create(folder, started("events"));
  const appendedMs = await spent(async () => {
    for (let n = 0; n < EVENTS; n++) await record.append(event, { durable: true });
  });
  await record.close();
  tell("events made durable, one after the other", (EVENTS * 1_000) / appendedMs, "/s");

  const ranMs = await spent(async () => {
    for (let n = 0; n < FAILOVERS; n++) {
      const one = await ExecutionRecord.create(folder, started(`failover-${n}`));
      await run({ runbook, context: null, record: one });
      await one.close();
    }
  });
  const steps = stepsOf(runbook).length;
  tell(`the runner's part of a failover of ${steps} steps`, ranMs / FAILOVERS, "ms");
  tell("of it, for each step", ranMs / FAILOVERS / steps, "ms");

  const publicKey = publicKeyFile(keyFileIn(folder));
  let lines = 0;
  const verifiedMs = await spent(async () => {
    const verdict = await verifyEvidence({ folder, publicKey });
    if (!verdict.green) throw new Error(JSON.stringify(verdict.problems));
    lines = verdict.lines;
  });
  tell("lines verified", (lines * 1_000) / verifiedMs, "/s");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
