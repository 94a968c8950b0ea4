import { type ProcessTable, processRow, processTable } from "./table.ts";
import { type Reading, until } from "./until.ts";

/** The roots and all their descendants that still run, parents before children. */
export function members(roots: readonly number[], table: ProcessTable = processTable()): number[] {
  const children = new Map<number, number[]>();
  for (const row of table.values()) children.set(row.parent, [...(children.get(row.parent) ?? []), row.pid]);
  const found: number[] = [];
  const visit = (pid: number): void => {
    const row = table.get(pid);
    if (!row || row.zombie || found.includes(pid)) return;
    found.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  roots.forEach(visit);
  return found;
}

/** Sends a signal; false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/**
 * Stops the trees (SIGSTOP), parents first, and looks again until nobody new has appeared: a parent that still ran may
 * have forked meanwhile. @returns every member.
 */
export function freezeTrees(roots: readonly number[]): number[] {
  const frozen = new Set<number>();
  for (;;) {
    const fresh = members(roots).filter((pid) => !frozen.has(pid));
    if (fresh.length === 0) return [...frozen];
    for (const pid of fresh) {
      signal(pid, "SIGSTOP");
      frozen.add(pid);
    }
  }
}

/** Lets the trees run again, children first, so that no parent takes a stopped child for a dead one. */
export function thawTrees(roots: readonly number[]): void {
  for (const pid of members(roots).reverse()) signal(pid, "SIGCONT");
}

/** SIGKILL to every member of the trees, with no moment between in which one could fork or notice the others' end. */
export function killTrees(roots: readonly number[]): number[] {
  const all = freezeTrees(roots);
  for (const pid of all) signal(pid, "SIGKILL");
  return all;
}

const gone = (pid: number): boolean => processRow(pid)?.zombie ?? true;

/**
 * Resolves when none of the processes runs any more. @throws when one still does after `withinMs`; where an activity is
 * given, so long after that has stood still.
 */
export function ended(
  pids: readonly number[],
  withinMs = 10_000,
  activity: { read(): Reading } | null = null,
): Promise<void> {
  return until(() => pids.every(gone) || (activity?.read() ?? false), {
    what: () => `process ${pids.filter((pid) => !gone(pid)).join(", ")} to end`,
    withinMs,
    everyMs: 5,
  });
}
