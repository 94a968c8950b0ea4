import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Gauge, Registry } from "prom-client";
import { type FigureName, figures } from "./figures.ts";
import type { Readiness } from "./readiness.ts";

/** The last look as Prometheus metrics. What a look could not see is left out: an old value would look like a new one. */
export class ReadinessMetrics {
  readonly registry = new Registry();
  readonly #ready = this.#gauge("castle_ready", "1 when the peer could take over now.");
  readonly #check = this.#gauge(
    "castle_readiness_check",
    "1 when the check holds, 0 when it fails or is unknown; absent when the target does not configure it.",
    ["check", "severity"],
  );
  readonly #mode = this.#gauge("castle_mode", "1 for the mode that the witness tells.", ["mode"]);
  readonly #epoch = this.#gauge("castle_epoch", "The epoch that the witness tells.");
  readonly #estimate = this.#gauge(
    "castle_recovery_estimate_seconds",
    "How long a failover would take, by part.",
    ["part"],
  );
  readonly #exposure = this.#gauge(
    "castle_exposure_commands",
    "Commands that a takeover now would lose; absent when they cannot be counted.",
  );
  readonly #lookedAt = this.#gauge("castle_readiness_timestamp_seconds", "When the last look began.");
  readonly #took = this.#gauge("castle_readiness_look_seconds", "How long the last look took.");
  readonly #figures = (Object.keys(figures) as FigureName[]).map(
    (name) => [name, this.#gauge(name, figures[name])] as const,
  );

  show({ ready, checks, role, estimate, exposure, at, ms }: Readiness): void {
    this.registry.resetMetrics();
    // A gauge without labels is born, and reset, as 0, which would be a value.
    for (const gauge of [this.#epoch, this.#exposure, ...this.#figures.map(([, gauge]) => gauge)])
      gauge.remove();
    this.#ready.set(ready ? 1 : 0);
    for (const { name, severity, outcome } of checks)
      if (outcome !== "not-configured")
        this.#check.set({ check: name, severity }, outcome === "holds" ? 1 : 0);
    if (role) {
      this.#epoch.set(role.epoch);
      for (const mode of ["paired", "solo"]) this.#mode.set({ mode }, role.mode === mode ? 1 : 0);
    }
    this.#estimate.set({ part: "recovery" }, estimate.recoverySeconds);
    if (estimate.detectionSeconds !== null)
      this.#estimate.set({ part: "detection" }, estimate.detectionSeconds);
    if (exposure.commands !== null) this.#exposure.set(exposure.commands);
    this.#lookedAt.set(at / 1_000);
    this.#took.set(ms / 1_000);
    const measured = Object.assign({}, ...checks.map((check) => check.figures ?? {}));
    for (const [name, gauge] of this.#figures)
      if (typeof measured[name] === "number") gauge.set(measured[name]);
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}

/** Serves them at /metrics, on this machine alone. @param port 0 for any. @throws Error (EADDRINUSE) when it is taken. */
export async function serveMetrics(
  metrics: ReadinessMetrics,
  port: number,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    const text = await metrics.registry.metrics();
    response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
