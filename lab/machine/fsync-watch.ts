import { Worker } from "node:worker_threads";

/** How long a small write took to be on the disk, and when it was there: milliseconds, and milliseconds since 1970. */
export interface FsyncTime {
  readonly at: number;
  readonly ms: number;
}

const EVERY_MS = 500;

/** Tries the disk below a folder out twice a second. Where that cannot be done, nothing is known, and nothing else happens. */
export class FsyncWatch {
  readonly times: FsyncTime[] = [];
  readonly #worker: Worker;

  constructor(folder: string, everyMs = EVERY_MS) {
    this.#worker = new Worker(new URL("fsync-worker.ts", import.meta.url), {
      workerData: { folder, everyMs },
    });
    this.#worker.on("message", (time: FsyncTime) => this.times.push(time));
    this.#worker.on("error", () => undefined); // the disk is full, or the folder gone: no more times
    this.#worker.unref();
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
