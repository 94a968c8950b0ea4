import { OutputsUnusable } from "../stack/errors.ts";
import type { FoundOutputs } from "../stack/find-outputs.ts";
import { type OpenedCastle, openCastle } from "../stack/open-castle.ts";
import type { Target } from "../target.ts";
import { UsageError } from "./exit.ts";
import type { TargetFlags } from "./target-options.ts";
import { tellAge } from "./tell-age.ts";

/** The Castle of a stack; says on stderr who acts, where, and how old what it goes by is. @throws UsageError */
export async function findAwsTarget(
  { stack, outputs, databaseCa }: Record<Exclude<keyof TargetFlags, "target">, string | undefined>,
  { here, recordsOnly }: { readonly here: string; readonly recordsOnly: boolean },
): Promise<Target> {
  if (stack === undefined)
    throw new UsageError(
      "--target aws needs the stack of the home cell as well: castle --target aws --stack prd …",
    );
  const opened = await openCastle({ stack, outputs, databaseCa, here, recordsOnly }).catch(
    (error: unknown) => {
      throw error instanceof OutputsUnusable ? new UsageError(error.message, { cause: error }) : error;
    },
  );
  for (const line of tellOpened(opened, Date.now())) process.stderr.write(`castle: ${line}\n`);
  return opened.target;
}

/** Pure. */
export function tellOpened({ target, found, caller }: OpenedCastle, now: number): string[] {
  const where = `AWS account ${target.account}, stacks ${found.outputs.stack} and ${found.outputs.home.peerStack}`;
  return [...tellSaved(found, now), ...(caller === null ? [] : [tellCaller(where, caller)])];
}

function tellCaller(where: string, caller: NonNullable<OpenedCastle["caller"]>): string {
  if ("unreachable" in caller)
    return `${where}; who this acts as cannot be told (STS: ${caller.unreachable})`;
  return `${where}, as ${caller.arn}`;
}

function tellSaved({ saved, outputs }: FoundOutputs, now: number): string[] {
  if (saved === null) return [];
  const at = new Date(saved.at).toISOString().slice(0, 16).replace("T", " ");
  return [
    `outputs of ${outputs.stack} as they were ${tellAge(now - saved.at)} ago (${at} UTC, ${saved.path}): ${saved.because}`,
  ];
}
