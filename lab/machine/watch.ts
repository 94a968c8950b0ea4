import { now } from "../traders/clock.ts";
import { deviceOf } from "./disk.ts";
import { type MachineFigures, type MachineRecord, machineFigures } from "./figures.ts";
import { FsyncWatch } from "./fsync-watch.ts";
import { intervalBetween, type MachineInterval } from "./interval.ts";
import { type MachineSample, takeSample } from "./sample.ts";
import { TreeCpu } from "./tree-cpu.ts";

const EVERY_MS = 1_000;
/** The machine counts in ticks of 10 ms: what is shorter tells nothing. */
const LEAST_MS = 50;

/**
 * Keeps the machine's accounts once a second, and whenever it is told to: who uses the processors (this process with all
 * its descendants is Castle, everybody else is not), what waits for what, and how long the disk takes.
 */
export class MachineWatch {
  readonly #trees = new TreeCpu([process.pid]);
  readonly #device: string;
  readonly #fsyncs: FsyncWatch;
  readonly #timer: NodeJS.Timeout;
  readonly #intervals: MachineInterval[] = [];
  #last: MachineSample;

  /** @param folder on the disk to watch. @throws Error when there is no such folder */
  constructor(folder: string) {
    this.#device = deviceOf(folder);
    this.#fsyncs = new FsyncWatch(folder);
    this.#last = takeSample(now(), this.#trees, this.#device);
    this.#timer = setInterval(() => this.sample(), EVERY_MS);
    this.#timer.unref();
  }

  /** Reads the accounts now, so that what follows is not mixed with what came before. */
  sample(): void {
    const at = now();
    if (at - this.#last.at < LEAST_MS) return;
    const sample = takeSample(at, this.#trees, this.#device);
    this.#intervals.push(intervalBetween(this.#last, sample));
    this.#last = sample;
  }

  get record(): MachineRecord {
    return { intervals: this.#intervals, fsyncs: this.#fsyncs.times };
  }

  /** Of the last `ms` milliseconds; null before anything was read. */
  recent(ms: number): MachineFigures | null {
    const to = this.#last.at;
    return machineFigures(this.record, [{ from: to - ms, to }]);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.sample();
    await this.#fsyncs.stop();
  }
}
