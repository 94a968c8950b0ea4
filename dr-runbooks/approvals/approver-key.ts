import { access, readFile } from "node:fs/promises";
import { loadSigningKey, publicKeyFile } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";

/** A key was to be made where something is already. */
export class KeyFileTaken extends Error {
  constructor(path: string) {
    super(`${path} is there already, and a key is never written over: name another file`);
    this.name = "KeyFileTaken";
  }
}

/** An approver as a target lists one. */
export type ListedApprover = NonNullable<Target["approvers"]>[number];

/**
 * Makes a key for somebody who approves: the private part readable by its owner alone, the public one beside it.
 * @returns what the target is to list. @throws KeyFileTaken
 */
export async function makeApproverKey(
  keyFile: string,
  name: string,
): Promise<ListedApprover & { readonly fingerprint: string }> {
  for (const path of [keyFile, publicKeyFile(keyFile)]) if (await exists(path)) throw new KeyFileTaken(path);
  const { fingerprint } = await loadSigningKey(keyFile);
  return { name, publicKey: await readFile(publicKeyFile(keyFile), "utf8"), fingerprint };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
