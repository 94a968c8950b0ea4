/** A process that owns others, for tests to kill: prints what it owns as one line of JSON, then waits. */
import type { ChildProcess } from "node:child_process";
import { giveCommand } from "@castle/lab/drill/operator-command.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { members } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";
import { startServer } from "./one-server.ts";

const host = new Host();
const { server } = await startServer(host);
// A shell with a child that ignores every polite request to end.
const shell = host.spawn({ command: "/bin/sh", args: ["-c", "trap '' TERM INT HUP; sleep 600 & wait"] });
await until(() => members([shell.pid ?? 0]).length === 2, { what: "the shell's child", withinMs: 60_000 });
// An operator's runner that sleeps, as a drill lets it.
const runners: ChildProcess[] = [];
const spawnAsleep: Host["spawn"] = (request) => {
  const runner = host.spawn(request);
  runner.kill("SIGSTOP");
  runners.push(runner);
  return runner;
};
void giveCommand({ folder: host.folder, spawn: spawnAsleep }, ["runs"], () => undefined);
const owned = [server.daemon, shell, ...runners].map(({ pid }) => pid ?? 0);
const pids = members(owned);
process.stdout.write(`${JSON.stringify({ folder: host.folder, pids, serverUser: host.serverUser })}\n`);
setInterval(() => undefined, 1_000);
