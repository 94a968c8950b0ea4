import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { reason } from "../cells/reachable.ts";
import { OutputsUnusable } from "./errors.ts";
import { type CastleOutputs, cellOutputs, homeOutputs, mistakesOf } from "./outputs.ts";
import { pulumiOutputs, requireStackName } from "./pulumi.ts";
import { readSavedOutputs } from "./saved-outputs.ts";

/** Both stacks' outputs as somebody told them. */
export interface FoundOutputs {
  readonly outputs: CastleOutputs;
  /** As they were told, by stack: what is saved. */
  readonly raw: Readonly<Record<string, Record<string, unknown>>>;
  /** Folder for what belongs to this Castle: saved outputs, certificate authorities, records of executions. */
  readonly folder: string;
  /** Null: asked just now. Otherwise since when they stand, where, and why Pulumi was not asked. */
  readonly saved: { readonly at: number; readonly path: string; readonly because: string } | null;
}

/** Where a stack's things are kept unless somebody says otherwise. */
export const folderOf = (stack: string, here: string): string =>
  join(here, ".castle", "stacks", requireStackName(stack).replaceAll("/", "+"));

/**
 * From the file or folder named; else from Pulumi; and where Pulumi does not tell, from what was saved before: the
 * state may be kept in the very region that is lost.
 * @throws OutputsUnusable
 */
export async function findOutputs(
  stack: string,
  { outputs: place, here }: { readonly outputs?: string | undefined; readonly here: string },
  ask: (stack: string) => Promise<unknown> = pulumiOutputs,
): Promise<FoundOutputs> {
  const folder = folderOf(stack, here);
  if (place !== undefined) return fromSaved(stack, place, "--outputs names them", folder);
  try {
    return { ...(await fromPulumi(stack, ask)), folder, saved: null };
  } catch (error) {
    const why = reason(error);
    if (await stat(folder).catch(() => null))
      return await fromSaved(stack, folder, why, folder).catch((other: unknown) => {
        throw new OutputsUnusable(`${why}; and what was saved cannot be used: ${reason(other)}`);
      });
    throw new OutputsUnusable(
      `${why}. Give what castle target save wrote before with --outputs FILE|FOLDER`,
      { cause: error },
    );
  }
}

async function fromPulumi(
  stack: string,
  ask: (stack: string) => Promise<unknown>,
): Promise<Pick<FoundOutputs, "outputs" | "raw">> {
  const home = record(await ask(stack), stack);
  const { peerStack } = valid(homeOutputs, home, stack);
  const raw = { [stack]: home, [peerStack]: record(await ask(peerStack), peerStack) };
  return { raw, outputs: castleOf(stack, raw) };
}

async function fromSaved(
  stack: string,
  place: string,
  because: string,
  ofStack: string,
): Promise<FoundOutputs> {
  const { path, folder, saved } = await readSavedOutputs(place);
  const raw = saved.stacks;
  // A file that was handed over stands anywhere; a folder that was saved to is the stack's own.
  const own = path === place ? ofStack : folder;
  return {
    ...{ raw, folder: own, outputs: castleOf(stack, raw) },
    saved: { at: Date.parse(saved.savedAt), path, because },
  };
}

/** @throws OutputsUnusable that tells every mistake. */
export function castleOf(stack: string, raw: FoundOutputs["raw"]): CastleOutputs {
  const home = valid(homeOutputs, raw[stack], stack);
  const peer = valid(cellOutputs, raw[home.peerStack], home.peerStack);
  const mistakes = mistakesOf({ home, peer });
  if (mistakes.length > 0)
    throw new OutputsUnusable(
      `stacks ${stack} and ${home.peerStack} do not make one Castle:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`,
    );
  return { stack, home, peer };
}

function valid<Outputs>(schema: z.ZodType<Outputs>, found: unknown, stack: string): Outputs {
  if (found === undefined) throw new OutputsUnusable(`there are no outputs of stack ${stack}`);
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new OutputsUnusable(
    `the outputs of stack ${stack} are not what docs/runbooks/aws.md lists:\n${mistakes.join("\n")}`,
  );
}

function record(found: unknown, stack: string): Record<string, unknown> {
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return { ...found };
  throw new OutputsUnusable(`the outputs of stack ${stack} are no object`);
}
