import type { ProcessTimes, ProcessTimesByPid } from "./process-times.ts";

/**
 * Who belongs to the trees below some processes. An orphan goes on belonging: whoever was once seen as a member is one
 * until it ends, whoever adopts it.
 */
export class ProcessTrees {
  readonly #roots: ReadonlySet<number>;
  /** Pid and start of every member of the last reading. */
  #known: ReadonlySet<string> = new Set();

  constructor(roots: readonly number[]) {
    this.#roots = new Set(roots);
  }

  /** The members of the trees in a reading, which must not be older than the one before. */
  members(processes: ProcessTimesByPid): ReadonlySet<number> {
    const decided = new Map<number, boolean>();
    const belongs = (process: ProcessTimes | undefined): boolean => {
      if (!process) return false;
      const known = decided.get(process.pid);
      if (known !== undefined) return known;
      const is =
        this.#roots.has(process.pid) ||
        this.#known.has(identity(process)) ||
        belongs(processes.get(process.parent));
      decided.set(process.pid, is);
      return is;
    };
    const found = [...processes.values()].filter(belongs);
    this.#known = new Set(found.map(identity));
    return new Set(found.map(({ pid }) => pid));
  }
}

const identity = ({ pid, started }: ProcessTimes): string => `${pid} ${started}`;
