import type { ProcessTimes, ProcessTimesByPid } from "./process-times.ts";

/**
 * What each process consumed between two readings, in ticks, by pid: itself, and by children that came and went in
 * between. What an ended child had consumed before is in its parent's account now, and counts no more: it did when it
 * was consumed. A child that nobody waits for takes the time since the first reading with it.
 */
export function consumption(before: ProcessTimesByPid, after: ProcessTimesByPid): Map<number, number> {
  const spent = new Map<number, number>();
  const waited = new Map<number, number>();
  for (const now of after.values()) {
    const then = same(before.get(now.pid), now);
    spent.set(now.pid, Math.max(0, now.own - (then?.own ?? 0)));
    waited.set(now.pid, Math.max(0, now.waitedFor - (then?.waitedFor ?? 0)));
  }
  for (const ended of endedSince(before, after)) {
    const known = ended.own + ended.waitedFor;
    const heir = heirOf(ended, before, after, (pid) => (waited.get(pid) ?? 0) >= known);
    if (heir !== null) waited.set(heir, (waited.get(heir) ?? 0) - known);
  }
  for (const [pid, ticks] of waited) spent.set(pid, (spent.get(pid) ?? 0) + ticks);
  return spent;
}

const same = (one: ProcessTimes | undefined, other: ProcessTimes): ProcessTimes | undefined =>
  one?.started === other.started ? one : undefined;

/** Those first whose parent is left, for it has certainly waited for them: of orphans one has to guess who did. */
function endedSince(before: ProcessTimesByPid, after: ProcessTimesByPid): ProcessTimes[] {
  const left = (process: ProcessTimes | undefined): boolean =>
    process !== undefined && same(after.get(process.pid), process) !== undefined;
  const ended = [...before.values()].filter((process) => !left(process));
  const [children, orphans] = [true, false].map((hasParent) =>
    ended.filter(({ parent }) => left(before.get(parent)) === hasParent),
  );
  return [...(children ?? []), ...(orphans ?? [])];
}

/** The process that adopts orphans, where no other says that it does. */
const INIT = 1;

/** Into whose account an ended process went: the nearest ancestor's that is left, or that of init, which waits for orphans. */
function heirOf(
  ended: ProcessTimes,
  before: ProcessTimesByPid,
  after: ProcessTimesByPid,
  holds: (pid: number) => boolean,
): number | null {
  let ancestor = before.get(ended.parent);
  while (ancestor && !same(after.get(ancestor.pid), ancestor)) ancestor = before.get(ancestor.parent);
  return [ancestor?.pid, INIT].find((pid) => pid !== undefined && holds(pid)) ?? null;
}
