import { consumption } from "./consumption.ts";
import { readWrittenBytes } from "./disk.ts";
import { type ProcessTimes, type ProcessTimesByPid, programOf, readProcesses } from "./process-times.ts";
import { ProcessTrees } from "./process-trees.ts";

/** What was consumed between two readings, and by whom. CPU in clock ticks. */
export interface Consumed {
  /** In the trees that are watched. */
  readonly trees: number;
  /** In threads of the kernel: on behalf of anybody. */
  readonly kernel: number;
  /** In every other process that can be seen, by its program. */
  readonly others: ReadonlyMap<string, number>;
  /** That the trees had written to disks, where it may be read. */
  readonly writtenBytes: number;
}

/** Where the readings come from: the machine, or a test. */
export interface ProcessAccounts {
  readonly processes: () => ProcessTimesByPid;
  readonly program: (process: ProcessTimes) => string;
  readonly writtenBytes: (pid: number) => number | null;
}

export const thisMachinesProcesses: ProcessAccounts = {
  processes: readProcesses,
  program: programOf,
  writtenBytes: readWrittenBytes,
};

/** The consumption of the process trees below some roots, and of all other processes, from reading to reading. */
export class TreeCpu {
  readonly #accounts: ProcessAccounts;
  readonly #trees: ProcessTrees;
  #processes: ProcessTimesByPid;
  #written: ProcessTimesByPid;

  constructor(roots: readonly number[], accounts: ProcessAccounts = thisMachinesProcesses) {
    this.#accounts = accounts;
    this.#trees = new ProcessTrees(roots);
    this.#processes = accounts.processes();
    this.#written = this.#writtenOf(this.#trees.members(this.#processes), this.#processes);
  }

  /** Since the last time, or since the start. */
  next(): Consumed {
    const processes = this.#accounts.processes();
    const members = this.#trees.members(processes);
    const written = this.#writtenOf(members, processes);
    let [trees, kernel] = [0, 0];
    const others = new Map<string, number>();
    for (const [pid, ticks] of consumption(this.#processes, processes)) {
      const process = processes.get(pid);
      if (process === undefined || ticks === 0) continue;
      if (members.has(pid)) trees += ticks;
      else if (process.kernel) kernel += ticks;
      else {
        const program = this.#accounts.program(process);
        others.set(program, (others.get(program) ?? 0) + ticks);
      }
    }
    const writtenBytes = sum(consumption(this.#written, written).values());
    this.#processes = processes;
    this.#written = written;
    return { trees, kernel, others, writtenBytes };
  }

  /** Bytes in place of ticks: what children wrote comes to their parent as their CPU time does, in the same account. */
  #writtenOf(members: ReadonlySet<number>, processes: ProcessTimesByPid): ProcessTimesByPid {
    const written = new Map<number, ProcessTimes>();
    for (const pid of members) {
      const process = processes.get(pid);
      const bytes = this.#accounts.writtenBytes(pid);
      if (process && bytes !== null) written.set(pid, { ...process, own: 0, waitedFor: bytes });
    }
    return written;
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);
