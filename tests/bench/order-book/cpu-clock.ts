/**
 * Seconds of CPU that this process took, in all its threads: with the garbage collector and the compiler, and without
 * what other processes had of the machine meanwhile. What takes a second here keeps one core busy for a second.
 */
export class CpuClock {
  #microseconds = 0;

  get seconds(): number {
    return this.#microseconds / 1_000_000;
  }

  run<Result>(work: () => Result): Result {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    this.#microseconds += user + system;
    return result;
  }

  reset(): void {
    this.#microseconds = 0;
  }
}
