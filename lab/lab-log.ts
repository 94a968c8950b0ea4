import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "./processes/host.ts";

/** What happens to the lab, a line each, in `<folder>/logs/lab.log` and to whoever looks on. */
export class LabLog {
  readonly #tell: (line: string) => void;
  readonly #start = performance.now();
  #file: number | null;

  constructor(host: Host, tell: (line: string) => void) {
    this.#tell = tell;
    this.#file = openSync(join(host.subfolder("logs"), "lab.log"), "a", 0o600);
  }

  readonly note = (line: string): void => {
    if (this.#file === null) return; // the lab is down
    const seconds = ((performance.now() - this.#start) / 1_000).toFixed(1);
    writeSync(this.#file, `${new Date().toISOString()} ${seconds.padStart(6)} s  ${line}\n`);
    this.#tell(line);
  };

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
