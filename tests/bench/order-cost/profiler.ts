import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LabProcess } from "@castle/lab/lab-process.ts";
import { signal } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";

const PRELOADED = new URL("profile-on-signal.ts", import.meta.url).href;
const WRITTEN_WITHIN_MS = 60_000;

interface Profiled {
  readonly service: LabProcess;
  readonly pid: number;
  readonly file: string;
}

/** Takes a CPU profile of services for a while, each started with {@link WindowProfiler.environment}. */
export class WindowProfiler {
  readonly #folder: string;
  readonly #services: () => readonly LabProcess[];
  #profiled: readonly Profiled[] = [];

  /** @param folder made when it is missing; profiles of an earlier run in it are replaced */
  constructor(folder: string, services: () => readonly LabProcess[]) {
    this.#folder = resolve(folder);
    this.#services = services;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** What a service needs in its environment to be profiled. */
  get environment(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=${PRELOADED}`, BENCH_PROFILE_FOLDER: this.#folder };
  }

  start(): void {
    this.#profiled = this.#services().flatMap((service) => {
      const file = join(this.#folder, `${service.region} ${service.name}.cpuprofile`);
      return service.pid === null ? [] : [{ service, pid: service.pid, file }];
    });
    for (const { pid, file } of this.#profiled) {
      rmSync(file, { force: true });
      signal(pid, "SIGUSR2");
    }
  }

  /** Resolves when every profile is written; a service that ended meanwhile leaves none. @throws when one is late */
  async stop(): Promise<void> {
    // The signal would end a process that has just been started in the place of a profiled one.
    const same = ({ service, pid }: Profiled): boolean => service.pid === pid;
    for (const { pid } of this.#profiled.filter(same)) signal(pid, "SIGUSR2");
    const missing = (): Profiled[] => this.#profiled.filter((one) => same(one) && !existsSync(one.file));
    await until(() => missing().length === 0, {
      what: () =>
        `the CPU profiles ${missing()
          .map(({ file }) => file)
          .join(", ")}`,
      withinMs: WRITTEN_WITHIN_MS,
      everyMs: 50,
    });
  }
}
