import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@castle/lab/processes/until.ts";
import type { CellServers } from "../../support/servers.ts";
import { SYMBOLS } from "./stage.ts";

const ENTRY = fileURLToPath(new URL("../../../../services/matching-engine/main.ts", import.meta.url));

export const SEAL_KEY = Buffer.alloc(32, 7);

export interface Health {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The engine as it is deployed: its own process, configured by its environment. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #internal: string;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#internal = `http://127.0.0.1:${port}`;
  }

  /** Resolves when it answers. @param port a free one, for health and metrics. */
  static async start(servers: CellServers, port: number): Promise<EngineProcess> {
    const child = spawn(process.execPath, [ENTRY], {
      stdio: ["ignore", process.env["ENGINE_LOG"] ? "inherit" : "ignore", "inherit"],
      env: {
        PATH: process.env["PATH"],
        CASTLE_REGION: "eu-west-1",
        CASTLE_SERVICE: "matching-engine",
        CASTLE_INSTANCE: "matching-engine-0",
        CASTLE_HOST: "127.0.0.1",
        CASTLE_INTERNAL_PORT: String(port),
        DATABASE_URL: servers.databaseUrl,
        JOURNAL_URL: servers.journalUrl,
        PEER_JOURNAL_URL: servers.journalUrl,
        REDIS_URL: servers.redisUrl,
        WITNESS_TABLE: "castle-witness",
        WITNESS_REGION: "eu-west-3",
        // The engine asks no witness: this only says that its stores are a lab's.
        WITNESS_ENDPOINT: "http://127.0.0.1:1",
        CASTLE_SEAL_KEY: SEAL_KEY.toString("base64"),
        CASTLE_SYMBOLS: SYMBOLS.join(","),
      },
    });
    const engine = new EngineProcess(child, port);
    await until(async () => (await engine.health("live")).status === 200, {
      what: "the engine to answer",
      withinMs: 60_000,
    });
    return engine;
  }

  async health(kind: "live" | "ready" | "active"): Promise<Health> {
    const response = await fetch(`${this.#internal}/healthz/${kind}`);
    return { status: response.status, body: (await response.json()) as Health["body"] };
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.#internal}/metrics`)).text();
  }

  /** Ends it. Resolves with its exit code, or the signal it died of. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, "exit");
      this.#child.kill(signal);
      await exit;
    }
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
