import { fileURLToPath } from "node:url";
import { type Program, previewStack } from "@castle/infra/plan/engine/preview-stack.ts";
import type { StackGraph } from "@castle/infra/plan/graph/graph.ts";
import { stackConfig } from "@castle/infra/settings/stack-file.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** One of the programs here, as a stack of Castle's. */
export const programNamed = (name: string, stack = "prd", config: Record<string, string> = {}): Program => ({
  project: "castle",
  stack,
  root: ROOT,
  main: `tests/integration/plan/programs/${name}`,
  config: { ...stackConfig(stack), ...config },
});

export const previewed = (name: string): Promise<StackGraph> =>
  previewStack(programNamed(name), AbortSignal.timeout(60_000));
