/**
 * What the claim in the witness costs an execution: `node tests/bench/claim.ts`. The witness runs in this process, at no
 * distance: on a network each of the claim's two requests takes a round trip more, and the release one.
 */
import { loadavg } from "node:os";
import { claimExecution } from "@castle/dr-runbooks/engine/claim-execution.ts";
import { thisMachine, thisProcess } from "@castle/dr-runbooks/engine/process-identity.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { first, WitnessServer } from "../integration/witness/witness-server.ts";

const TIMES = 500;

const request = (n: number) =>
  ({ execution: `bench-${n}`, runbook: "failover", epoch: epoch(1), begins: epoch(2) }) as const;

async function took<Made>(work: () => Promise<Made>): Promise<readonly [number, Made]> {
  const begin = performance.now();
  const made = await work();
  return [performance.now() - begin, made];
}

const at = (share: number, sorted: readonly number[]): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2).padStart(7);

function tell(what: string, figures: readonly number[]): void {
  const sorted = [...figures].sort((a, b) => a - b);
  console.log(`${what.padEnd(46)} p50 ${at(0.5, sorted)} ms   p99 ${at(0.99, sorted)} ms`);
}

const server = await WitnessServer.start();
try {
  const table = await server.table();
  await server.witness(table).create(first("paired"));
  // Asked once per process in any case, for the record's "who".
  thisMachine();
  thisProcess();

  const fresh = server.witness(table);
  const [coldMs, cold] = await took(() => claimExecution(fresh, request(0)));
  await cold.release();
  tell("the first claim, with nothing warm", [coldMs]);

  const claimed: number[] = [];
  const released: number[] = [];
  const asked: number[] = [];
  for (let n = 1; n <= TIMES; n++) {
    const [claimMs, held] = await took(() => claimExecution(fresh, request(n)));
    const [askedMs] = await took(() => held.ensure());
    const [releaseMs] = await took(() => held.release());
    claimed.push(claimMs);
    asked.push(askedMs);
    released.push(releaseMs);
  }
  tell("a claim: one read, one conditional write", claimed);
  tell("asking whether it still holds, before a step", asked);
  tell("letting it go: one conditional write", released);
  console.log(`${TIMES} times; the machine's load was ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await server.stop();
}
