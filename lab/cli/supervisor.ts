/**
 * The supervisor of a lab that outlives the command that started it. It tells that command, over IPC, what it does until
 * the lab is ready; should the command end before, so does the lab. Argument: the lab's options as JSON.
 */
import { supervise } from "./supervise.ts";
import type { SupervisorMessage } from "./supervisor-message.ts";

const end = new AbortController();
let ready = false;

const tell = (message: SupervisorMessage): void => {
  if (process.connected) process.send?.(message);
};
const abort = (): void => end.abort(new Error("interrupted"));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, abort);
process.on("disconnect", () => {
  if (!ready) abort();
});
// The pipes lead to a command that has long ended.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await supervise({
    lab: { ...JSON.parse(process.argv[2] ?? "{}"), onProgress: (line) => tell({ kind: "progress", line }) },
    directory: process.cwd(),
    signal: end.signal,
    onReady: (lab) => {
      ready = true;
      tell({ kind: "ready", lab });
    },
  });
} catch (error) {
  if (!end.signal.aborted)
    tell({ kind: "failed", error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
