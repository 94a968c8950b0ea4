import { randomBytes } from "node:crypto";
import { type Duration, milliseconds, minutes, seconds } from "@castle/regions/duration.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { memberBackups } from "../aws/readiness-backups.ts";
import { reason } from "../cells/reachable.ts";
import type { Connections } from "../readiness/connections.ts";
import type { CellRegion, Target } from "../target.ts";
import { RESTORE_PREFIX } from "./actions.ts";
import { judgeRestored, lookAtLive, lookAtRestored } from "./look-inside.ts";
import { TestCluster } from "./restored-cluster.ts";

/** What came of restoring a backup. Instants in milliseconds since 1970. */
export interface RestoreTold {
  readonly region: CellRegion;
  /** null: there is none. */
  readonly snapshot: { readonly identifier: string; readonly takenAt: number } | null;
  readonly cluster: string;
  /** Nothing is wrong with it, and it was looked through. */
  readonly holds: boolean;
  /** Somebody ended it before that: it shows nothing, neither way. */
  readonly ended: boolean;
  readonly problems: readonly string[];
  /** Where each stream ended in it. */
  readonly streams: Readonly<Record<StreamId, Seq>>;
  /** From the call that restores until the database took connections, and until it was looked through. */
  readonly restoreMs: number | null;
  readonly lookMs: number | null;
  readonly ms: number;
  /** Whether nothing of it is left; with the reason when something is. */
  readonly removed: boolean;
}

export interface RestoreOptions {
  readonly connections: Connections;
  /** Whose backup: one stays usable only in a region that is left. */
  readonly region: CellRegion;
  /** Aborted by whoever wants no more of it: what was made is deleted all the same. */
  readonly signal: AbortSignal;
  readonly onProgress?: (what: string) => void;
}

const TIMES: Record<
  Target["kind"],
  { readonly lookEvery: Duration; readonly restore: Duration; readonly remove: Duration }
> = {
  lab: { lookEvery: milliseconds(100), restore: minutes(2), remove: minutes(1) },
  aws: { lookEvery: seconds(10), restore: minutes(90), remove: minutes(30) },
};

/**
 * Shows that the newest backup restores: makes a cluster of it beside the live one, reads the whole ledger there, and
 * deletes it again, whatever came of that. The live database is only read.
 * @throws Error when nothing could be begun: what is found wrong is told in the result.
 */
export async function testRestore(options: RestoreOptions): Promise<RestoreTold> {
  const { connections, region, onProgress = () => undefined } = options;
  const { target, aws } = connections;
  const { lookEvery, restore, remove } = TIMES[target.kind];
  const began = performance.now();
  const { clusterArn, withheld } = target.cells[region];
  if (withheld !== undefined) throw new Error(withheld);
  const rds = aws.rds(region);
  const { snapshots } = await memberBackups(rds, clusterArn);
  const newest = snapshots.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  const cluster = new TestCluster(rds, newName(), lookEvery);
  const told = {
    ...{ region, cluster: cluster.name },
    snapshot: newest ? { identifier: newest.identifier, takenAt: newest.createdAt } : null,
  };
  if (!newest)
    return { ...told, ...nothing(["there is no snapshot that is whole"]), ms: since(began), removed: true };

  const problems: string[] = [];
  let found: Pick<RestoreTold, "streams" | "restoreMs" | "lookMs"> = nothing([]);
  try {
    onProgress(
      `restoring ${newest.identifier} of ${new Date(newest.createdAt).toISOString()} as ${cluster.name}`,
    );
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(restore.ms)]);
    const place = await cluster.restore(newest, clusterArn, signal);
    const restoreMs = since(began);
    found = { ...found, restoreMs };
    onProgress(`it takes connections at ${place.host}:${place.port}; reading the ledger`);
    const at = new URL(target.cells[region].databaseUrl);
    at.hostname = place.host;
    at.port = String(place.port);
    const [restored, live] = await Promise.all([
      lookAtRestored(at.href),
      lookAtLive(connections.cell(region).database.knex, newest.createdAt),
    ]);
    problems.push(...judgeRestored(restored, live));
    found = { restoreMs, lookMs: since(began) - restoreMs, streams: Object.fromEntries(restored.streams) };
  } catch (error) {
    problems.push(options.signal.aborted ? "it was ended before it was through" : reason(error));
  }
  onProgress(`deleting ${cluster.name}`);
  // Not by the caller's signal: whoever ends the test does not mean to keep what it made.
  const removed = await cluster.remove(AbortSignal.timeout(remove.ms)).then(
    () => true,
    (error: unknown) => {
      problems.push(`${cluster.name} is still there and costs money, delete it by hand: ${reason(error)}`);
      return false;
    },
  );
  return {
    ...told,
    ...found,
    problems,
    holds: problems.length === 0,
    ended: options.signal.aborted,
    ms: since(began),
    removed,
  };
}

const nothing = (problems: readonly string[]) => ({
  ...{ problems, holds: false, ended: false, streams: {}, restoreMs: null, lookMs: null },
});

const since = (began: number): number => Math.round(performance.now() - began);

/** Unlike any other that is tested in the same second; RDS takes 63 characters. */
const newName = (): string =>
  `${RESTORE_PREFIX}${new Date().toISOString().slice(0, 19).replace(/[-:T]/g, "")}-${randomBytes(3).toString("hex")}`;
