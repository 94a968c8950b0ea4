import { get } from "node:http";
import type { EdgeTarget } from "./plan.ts";

/** A check that takes longer has failed: as a part of the interval, so that the next never overtakes it. */
const TIMEOUT = 0.8;

/** Asks one target for its health, again and again, over a new connection each time as a load balancer does. */
export class HealthProbe {
  readonly #target: EdgeTarget;
  readonly #intervalMs: number;
  readonly #report: (passed: boolean) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: EdgeTarget, intervalMs: number, report: (passed: boolean) => void) {
    this.#target = target;
    this.#intervalMs = intervalMs;
    this.#report = report;
  }

  start(): void {
    const check = (): void => {
      void this.#check().then((passed) => {
        if (this.#timer) this.#report(passed);
      });
    };
    this.#timer = setInterval(check, this.#intervalMs);
    check();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Passed is a 200 in time. */
  #check(): Promise<boolean> {
    const { internalPort, healthPath } = this.#target;
    return new Promise((resolve) => {
      const request = get(
        { host: "127.0.0.1", port: internalPort, path: healthPath, agent: false },
        (response) => {
          clearTimeout(overdue);
          response.resume();
          resolve(response.statusCode === 200);
        },
      );
      const overdue = setTimeout(() => request.destroy(), this.#intervalMs * TIMEOUT);
      request.on("error", () => {
        clearTimeout(overdue);
        resolve(false);
      });
    });
  }
}
