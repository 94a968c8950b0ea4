import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Daemon, DaemonState } from "./processes/daemon.ts";
import { KeepAlive } from "./processes/keep-alive.ts";

export interface LabProcessOptions {
  readonly region: RegionName;
  readonly name: string;
  readonly daemon: Daemon;
  /** Starts it as it should now be. */
  readonly start: () => Promise<void>;
  /** All its processes, where they are more than the daemon's tree. */
  readonly pids?: () => readonly number[];
  readonly port: number | null;
  readonly internalPort: number | null;
  readonly log: string;
  readonly note: (line: string) => void;
}

/** One process of a region, with whatever it has started: a service, or a server. */
export class LabProcess {
  readonly region: RegionName;
  readonly name: string;
  /** Where its clients reach it on loopback; null when it takes none. */
  readonly port: number | null;
  /** Health, metrics and internal calls; null for servers. */
  readonly internalPort: number | null;
  readonly log: string;
  readonly daemon: Daemon;
  readonly keepAlive: KeepAlive;
  readonly #options: LabProcessOptions;

  constructor(options: LabProcessOptions) {
    const { region, name, note } = options;
    this.#options = options;
    this.region = region;
    this.name = name;
    this.port = options.port;
    this.internalPort = options.internalPort;
    this.log = options.log;
    this.daemon = options.daemon;
    this.keepAlive = new KeepAlive({
      daemon: options.daemon,
      revive: options.start,
    });
    this.keepAlive.on("restarting", (how) => note(`${region}: ${name} ended (${how}) and is restarted`));
    this.keepAlive.on("restarted", () => note(`${region}: ${name} runs again`));
    this.keepAlive.on("failed", (error) => note(`${region}: ${name} did not start: ${String(error)}`));
  }

  get pid(): number | null {
    return this.daemon.pid;
  }

  get pids(): readonly number[] {
    return this.#options.pids?.() ?? [this.daemon.pid].filter((pid) => pid !== null);
  }

  get state(): DaemonState {
    return this.daemon.state;
  }

  get restarts(): number {
    return this.keepAlive.restarts;
  }

  /** Starts it and keeps it running from now on. @throws Error when it did not start; that is tried again */
  async start(): Promise<void> {
    this.daemon.allow();
    this.keepAlive.want();
    try {
      await this.#options.start();
    } catch (error) {
      this.keepAlive.tryAgain();
      throw error;
    }
  }

  /**
   * Asks it to end in good order and starts it again, as a deployment would.
   * @throws Error when it did not start; a region that was lost meanwhile lets nothing start
   */
  async restart(): Promise<void> {
    this.keepAlive.letGo();
    await this.daemon.stop();
    this.keepAlive.want();
    await this.#options.start();
  }

  /** Asks it to end in good order, and it is not started again. Resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    this.keepAlive.letGo();
    await this.daemon.stop();
  }

  /** Stands still with everything it holds open, and goes on. */
  freeze(): void {
    this.daemon.freeze();
  }

  thaw(): void {
    this.daemon.thaw();
  }

  /** SIGKILL to all of it, as a crash; it is restarted. Resolves when nothing of it runs any more. */
  kill(): Promise<void> {
    return this.daemon.kill({ onPurpose: false });
  }
}
