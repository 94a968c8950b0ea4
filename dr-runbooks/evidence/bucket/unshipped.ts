import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SUFFIX } from "../../engine/record.ts";
import { entryOf, wholeLines } from "../chain.ts";
import { addToIndex, INDEX } from "../executions-index.ts";
import { keyFileIn, loadSigningKey } from "../signing-key.ts";
import type { Shipped } from "./shipper.ts";
import type { Runs } from "./shipping.ts";

/**
 * Writes down in the index which records a run left incomplete in which bucket.
 * @throws IndexBusy; what reading and writing the folder can throw.
 */
export async function noteUnshipped(
  { folder, keyFile = keyFileIn(folder) }: Runs,
  shipped: readonly Shipped[],
): Promise<void> {
  const left = shipped.flatMap(({ bucket, left: chains }) =>
    chains.filter(({ chain }) => chain !== INDEX).map(({ chain }) => ({ chain, region: bucket.region })),
  );
  if (left.length === 0) return;
  const key = await loadSigningKey(keyFile);
  for (const { chain, region } of left) {
    const { whole } = wholeLines(await readFile(join(folder, chain + SUFFIX)));
    const head = entryOf(whole.at(-1) ?? "");
    if (head) await addToIndex(folder, key, "unshipped", chain, head, region);
  }
}

/** What could not be sent, in words for an operator; a line each. */
export const tellUnshipped = (shipped: readonly Shipped[]): string[] =>
  shipped.flatMap(({ bucket, left }) => {
    if (left.length === 0) return [];
    const lines = left.reduce((sum, chain) => sum + chain.lines - chain.there, 0);
    const reasons = [...new Set(left.map(({ because }) => because))].join("; ");
    return [
      `the record is not complete in ${bucket.region}: ${lines} lines of ${left.length} files are not in s3://${bucket.name} (${reasons}). They are safe in the folder; send them with castle evidence ship`,
    ];
  });
