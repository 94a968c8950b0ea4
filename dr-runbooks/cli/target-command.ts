import { copyFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OutputsUnusable } from "../stack/errors.ts";
import { castleOf, findOutputs, folderOf } from "../stack/find-outputs.ts";
import { DATABASE_CA_FILE, saveOutputs } from "../stack/saved-outputs.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import type { TargetSaveFlags, TargetShowFlags } from "./register-target.ts";
import { tellTarget, withoutPasswords } from "./tell-target.ts";

/** `castle target show`. @returns the exit code */
export async function targetShowCommand(flags: TargetShowFlags): Promise<number> {
  try {
    const shown = withoutPasswords(await findTarget(flags));
    const text = flags.json ? JSON.stringify(shown, null, 2) : tellTarget(shown).join("\n");
    process.stdout.write(`${text}\n`);
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}

/** `castle target save`. @returns the exit code */
export async function targetSaveCommand(flags: TargetSaveFlags, here = process.cwd()): Promise<number> {
  try {
    const { stack, target } = flags;
    if (target !== "aws" || stack === undefined)
      throw new UsageError(
        "only a Castle on AWS has outputs to save: castle --target aws --stack NAME target save",
      );
    const folder = flags.to === undefined ? folderOf(stack, here) : resolve(here, flags.to);
    const { raw, saved } = await findOutputs(stack, { outputs: flags.outputs, here });
    if (saved !== null && flags.outputs === undefined)
      throw new OutputsUnusable(`${saved.because}; what was saved before stays as it is`);
    const { home } = castleOf(stack, raw);
    const path = await saveOutputs(folder, {
      savedAt: new Date(saved?.at ?? Date.now()).toISOString(),
      stacks: { [stack]: raw[stack] ?? {}, [home.peerStack]: raw[home.peerStack] ?? {} },
    });
    process.stdout.write(`${path}: the outputs of ${stack} and ${home.peerStack}\n`);
    if (flags.databaseCa !== undefined) await saveAuthorities(resolve(here, flags.databaseCa), folder);
    return exitCode.good;
  } catch (error) {
    return reportError(
      error instanceof OutputsUnusable ? new UsageError(error.message, { cause: error }) : error,
    );
  }
}

async function saveAuthorities(from: string, folder: string): Promise<void> {
  const path = join(folder, DATABASE_CA_FILE);
  await mkdir(folder, { recursive: true });
  await copyFile(from, path).catch((cause: unknown) => {
    throw new UsageError(`there are no certificate authorities at ${from} (--database-ca)`, { cause });
  });
  process.stdout.write(`${path}: the certificate authorities of its databases\n`);
}
