import client from "prom-client";
import { type CellConfig, ConfigInvalid, loadConfig } from "./config.ts";
import { createLogger, type Logger } from "./log.ts";

export interface RunningService {
  /** Finishes what was begun, closes everything. Called once. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/**
 * The body of every service's main.ts: reads the configuration, starts, and on SIGTERM or SIGINT stops once, in order.
 * Exit code 0 after a stop; 1 when the service could not start, with the remedy in the log.
 */
export async function runService(
  start: (context: { config: CellConfig; log: Logger }) => Promise<RunningService>,
): Promise<void> {
  let config: CellConfig;
  try {
    config = loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger(config);
  client.collectDefaultMetrics();
  try {
    const service = await start({ config, log });
    log.info({ port: config.port, internalPort: config.internalPort }, "started");
    stopOnSignal(service, log);
  } catch (error) {
    log.fatal({ err: error }, "could not start");
    process.exit(1);
  }
}

function stopOnSignal(service: RunningService, log: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    const overdue = setTimeout(() => {
      log.error(`did not stop within ${STOP_WITHIN_MS} ms; ending at once`);
      process.exit(1);
    }, STOP_WITHIN_MS);
    overdue.unref();
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
