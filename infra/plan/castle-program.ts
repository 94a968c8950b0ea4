import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { stackConfig } from "../settings/stack-file.ts";
import type { Program } from "./engine/preview-stack.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const projectFile = z.object({ name: z.string(), main: z.string() });

/** Castle's own program for a stack, as Pulumi.yaml and the stack's file say. */
export function castleProgram(stack: string): Program {
  const { name, main } = projectFile.parse(parse(readFileSync(`${ROOT}/Pulumi.yaml`, "utf8")));
  return { project: name, stack, root: ROOT, main, config: stackConfig(stack) };
}
