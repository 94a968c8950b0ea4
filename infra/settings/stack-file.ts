import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FILE = /^Pulumi\.([\w-]+)\.yaml$/;

const stackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** Names of the stacks that have a file, sorted. */
export const knownStacks = (folder = ROOT): string[] =>
  readdirSync(folder)
    .flatMap((name) => FILE.exec(name)?.[1] ?? [])
    .sort();

/**
 * A stack's configuration as Pulumi hands it to a program: keys with their namespace, and as JSON what is no string.
 * @throws Error that names the stack and the known ones, or what is wrong with its file
 */
export const stackConfig = (stack: string, folder = ROOT): Record<string, string> =>
  asPulumiHands(rawStackConfig(stack, folder));

/** A stack's configuration as its file has it: lists and objects as such. Errors as {@link stackConfig}. */
export function rawStackConfig(stack: string, folder = ROOT): Record<string, unknown> {
  const path = `${folder}/Pulumi.${stack}.yaml`;
  if (!existsSync(path))
    throw new Error(
      `there is no stack "${stack}": Pulumi.${stack}.yaml is missing; known: ${knownStacks(folder).join(", ")}`,
    );
  const parsed = stackFile.safeParse(parse(readFileSync(path, "utf8")));
  if (!parsed.success)
    throw new Error(`Pulumi.${stack}.yaml is no stack's file: ${z.prettifyError(parsed.error)}`);
  return parsed.data.config;
}

/** Pulumi keeps as JSON what is no string. */
export const asPulumiHands = (config: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** The values under `castle:`, by their bare names. */
export const ownConfig = (config: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("castle:") ? [[key.slice("castle:".length), value]] : [],
    ),
  );
