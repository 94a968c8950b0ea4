import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { INDEX } from "@castle/dr-runbooks/evidence/executions-index.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { type Verdict, type VerifyOptions, verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { branches, handover, newWorld, started, step } from "../engine/world.ts";

export const runbook = handover(branches, step("last"));

/** Records a whole execution, as the runner does. */
export async function recorded(folder: string, id: string, at = 1): Promise<void> {
  const record = await ExecutionRecord.create(folder, { ...started, id, at });
  await run({ runbook, context: newWorld(), record });
  await record.close();
}

export const verified = (folder: string, more: Partial<VerifyOptions> = {}): Promise<Verdict> =>
  verifyEvidence({ folder, publicKey: publicKeyFile(keyFileIn(folder)), ...more });

/** The files of a folder of executions, as somebody would alter them who can write there. */
export const filesIn = (folder: () => string) => {
  const lines = (file: string): string[] => readFileSync(join(folder(), file), "utf8").trimEnd().split("\n");
  return {
    lines,
    write: (file: string, to: readonly string[]): void =>
      writeFileSync(join(folder(), file), to.map((line) => `${line}\n`).join("")),
    path: (file: string): string => join(folder(), file),
    index: INDEX,
  };
};
