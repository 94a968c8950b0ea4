/** Starts a pack, tells its process's number, and stays until it is killed. */
import { stackConfig } from "@castle/infra/settings/stack-file.ts";
import { startPack } from "@castle/policies/analyzer/pack-process.ts";

const { signal } = new AbortController();
const { pid, gone } = await startPack({
  project: "castle",
  stack: "prd",
  config: stackConfig("prd"),
  signal,
});
console.log(pid);
await gone;
