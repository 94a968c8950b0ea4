import type { LabProcess } from "../lab-process.ts";
import type { ServiceInstance } from "../layout.ts";
import { ask } from "../processes/ask.ts";
import type { PodState } from "./workload.ts";

/** A pod that has not said by then that it is ready is not. Milliseconds. */
const READY_WITHIN_MS = 500;

/** One instance of a service, from the moment it is wanted until its process has ended. */
export class Pod {
  readonly instance: ServiceInstance;
  readonly process: LabProcess;
  readonly createdAt = new Date();
  /** Which node it is on; null while none has room for it. */
  node: number | null = null;
  endingSince: Date | null = null;
  #started = false;
  #digest: Promise<string> | null = null;

  constructor(instance: ServiceInstance, process: LabProcess) {
    this.instance = instance;
    this.process = process;
  }

  /** On a node, and wanted: its process runs, or is to run. */
  get isPlaced(): boolean {
    return this.node !== null && this.endingSince === null;
  }

  get started(): boolean {
    return this.#started;
  }

  /** @param digest of the image that it is started from. @throws Error when it did not start; that is tried again */
  start(digest: Promise<string>): Promise<void> {
    this.#started = true;
    this.#digest = digest;
    return this.process.start();
  }

  async state(nodeName: (node: number) => string, digestNow: Promise<string>): Promise<PodState> {
    const { service, name } = this.instance;
    return {
      ...{ name, service, createdAt: this.createdAt, endingSince: this.endingSince },
      node: this.node === null ? null : nodeName(this.node),
      digest: await (this.#digest ?? digestNow),
      process: !this.#started ? "pending" : this.process.pid === null ? "waiting" : "running",
      ready: this.process.state === "running" && (await this.#saysReady()),
      restarts: this.process.restarts,
    };
  }

  async #saysReady(): Promise<boolean> {
    try {
      const url = `http://127.0.0.1:${this.instance.internalPort}/healthz/ready`;
      return (await ask(url, { withinMs: READY_WITHIN_MS })).status === 200;
    } catch {
      return false;
    }
  }
}
