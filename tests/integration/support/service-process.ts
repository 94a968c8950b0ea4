import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@castle/lab/processes/until.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import type { ActiveCell, Ways } from "./active-cell.ts";
import { freePort } from "./free-port.ts";

export interface Health {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface ServiceProcessOptions extends Ways {
  /** For Node: `--max-old-space-size=…`. */
  readonly nodeArguments?: readonly string[];
}

/** A service as it is deployed: its own process, configured by its environment. */
export class ServiceProcess {
  readonly child: ChildProcess;
  readonly api: string;
  readonly internal: string;

  private constructor(child: ChildProcess, port: number, internalPort: number) {
    this.child = child;
    this.api = `http://127.0.0.1:${port}`;
    this.internal = `http://127.0.0.1:${internalPort}`;
  }

  /** Resolves when it answers. CASTLE_LOG_LEVEL in the environment shows its log. */
  static async start(
    cell: ActiveCell,
    service: ServiceName,
    instance: string,
    { nodeArguments = [], ...ways }: ServiceProcessOptions = {},
  ): Promise<ServiceProcess> {
    const [port, internalPort, linePort] = [await freePort(), await freePort(), await freePort()];
    const entry = fileURLToPath(new URL(`../../../services/${service}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, [...nodeArguments, entry], {
      stdio: ["ignore", process.env["CASTLE_LOG_LEVEL"] ? "inherit" : "ignore", "inherit"],
      env: {
        ...cell.environment(service, instance, ways),
        CASTLE_PORT: String(port),
        CASTLE_INTERNAL_PORT: String(internalPort),
        CASTLE_LINE_PORT: String(linePort),
      },
    });
    const started = new ServiceProcess(child, port, internalPort);
    try {
      await until(async () => (await started.health("live")).status === 200 || started.ended, {
        what: `${instance} to answer`,
        withinMs: 120_000,
      });
      if (started.ended) throw new Error(`${instance} ended while it started: ${child.exitCode}`);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
    return started;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async health(kind: "live" | "ready" | "active"): Promise<Health> {
    const response = await fetch(`${this.internal}/healthz/${kind}`);
    return { status: response.status, body: (await response.json()) as Health["body"] };
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.internal}/metrics`)).text();
  }

  /** Stops it in the middle of whatever it does, until `SIGCONT`. */
  freeze(): void {
    this.child.kill("SIGSTOP");
  }

  thaw(): void {
    this.child.kill("SIGCONT");
  }

  /** Ends it. Resolves with its exit code, or the signal it died of. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals | null> {
    if (!this.ended) {
      const exit = once(this.child, "exit");
      this.child.kill(signal);
      if (signal !== "SIGKILL") this.child.kill("SIGCONT");
      await exit;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}
