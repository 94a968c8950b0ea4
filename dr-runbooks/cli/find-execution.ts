import type { ExecutionState } from "../engine/state.ts";
import { UsageError } from "./exit.ts";

/**
 * The execution meant: by its number in `castle runs` (the newest is 1), by its name, or by the beginning of one. Pure.
 * @param executions the oldest first. @throws UsageError that names those it could be
 */
export function executionNamed(name: string, executions: readonly ExecutionState[]): ExecutionState {
  const newestFirst = executions.toReversed();
  const exact = newestFirst.find(({ id }) => id === name);
  if (exact) return exact;
  if (/^\d+$/.test(name)) {
    const numbered = newestFirst[Number(name) - 1];
    if (numbered) return numbered;
    throw new UsageError(
      `there is no execution ${name}: ${executions.length === 0 ? "none is recorded" : `castle runs lists 1 to ${executions.length}`}`,
    );
  }
  const [found, ...more] = name === "" ? [] : newestFirst.filter(({ id }) => id.startsWith(name));
  if (found && more.length === 0) return found;
  if (found)
    throw new UsageError(
      `${name} may be any of ${[found, ...more].map(({ id }) => id).join(", ")}: say more of it`,
    );
  const known = newestFirst.slice(0, 5).map(({ id }) => id);
  throw new UsageError(
    `there is no execution ${name}; ${known.length === 0 ? "none is recorded" : `the latest are ${known.join(", ")}`}`,
  );
}
