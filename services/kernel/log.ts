import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/** JSON lines on stdout. Credentials never reach a log: the paths that could hold one are cut here. */
export function createLogger(config: {
  region: string;
  service: string;
  instance: string;
  logLevel: string;
}): Logger {
  return pino({
    level: config.logLevel,
    base: { region: config.region, service: config.service, instance: config.instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.secret", "*.password", "*.signature", "*.headers['x-mbx-apikey']"],
  });
}
