import { type Duration, milliseconds } from "@castle/regions/duration.ts";
import { type Connections, connectTo } from "../readiness/connections.ts";
import { ReadinessMetrics, serveMetrics } from "../readiness/metrics.ts";
import { lookAtReadiness, type Readiness } from "../readiness/readiness.ts";
import { changedChecks, watchReadiness } from "../readiness/watch.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import { paint } from "./paint.ts";
import type { ReadinessFlags } from "./register-readiness.ts";
import { tellCheck, tellHeadline, tellReadiness } from "./tell-readiness.ts";

/** `castle readiness`. @returns the exit code */
export async function readinessCommand(flags: ReadinessFlags): Promise<number> {
  try {
    if (flags.restoreTest) return await (await import("./restore-test-command.ts")).restoreTestCommand(flags);
    const every = span(flags.every);
    const port = flags.metrics === undefined ? null : portOf(flags.metrics);
    const connections = connectTo(await findTarget(flags));
    try {
      if (flags.watch || port !== null)
        return await watch(connections, { every, port, json: flags.json ?? false });
      const now = await lookAtReadiness(connections);
      say(flags.json ? [JSON.stringify(now, null, 2)] : tellReadiness(now, paint));
      return now.holds ? exitCode.good : exitCode.failed;
    } finally {
      await connections.close();
    }
  } catch (error) {
    return reportError(error);
  }
}

/** Until Ctrl-C or SIGTERM. */
async function watch(
  connections: Connections,
  { every, port, json }: { readonly every: Duration; readonly port: number | null; readonly json: boolean },
): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const metrics = new ReadinessMetrics();
  const server = port === null ? null : await serve(metrics, port);
  if (server) process.stderr.write(`castle: metrics at ${server.url}\n`);
  const tell = json ? (now: Readiness) => say([JSON.stringify(now)]) : tellChanges();
  try {
    await watchReadiness(connections, {
      ...{ every, signal: stop.signal },
      onLook: (now, before) => {
        metrics.show(now);
        tell(now, before);
      },
    });
  } finally {
    server?.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  return exitCode.interrupted;
}

const TELL_ANYWAY_MS = 60_000;

/** The whole table first; then what came to another outcome, and the headline at least once a minute. */
function tellChanges(): (now: Readiness, before: Readiness | null) => void {
  let toldAt = 0;
  return (now, before) => {
    if (before === null) say(tellReadiness(now, paint));
    const changed = before === null ? [] : changedChecks(now, before);
    const due = before !== null && (changed.length > 0 || now.at - toldAt >= TELL_ANYWAY_MS);
    const clock = new Date(now.at).toISOString().slice(11, 19);
    if (due)
      say([`${clock}  ${tellHeadline(now, paint)}`, ...changed.flatMap((check) => tellCheck(check, paint))]);
    if (before === null || due) toldAt = now.at;
  };
}

async function serve(
  metrics: ReadinessMetrics,
  port: number,
): Promise<{ readonly url: string; close(): void }> {
  try {
    return await serveMetrics(metrics, port);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`metrics cannot be served on port ${port}: ${why}; choose another, or 0 for any`);
  }
}

const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const;
const LEAST_MS = 1_000;

/** `15s`, `2m`, `1500ms`. @throws UsageError */
function span(text: string): Duration {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? Number.NaN);
  if (!(ms >= LEAST_MS))
    throw new UsageError(`--every takes a span of at least 1s, such as 15s or 2m, got "${text}"`);
  return milliseconds(ms);
}

/** @throws UsageError */
function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--metrics takes a port from 0 (any) to 65535, got "${text}"`);
}

const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n`);
};
