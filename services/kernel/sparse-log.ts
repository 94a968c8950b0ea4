import type { Logger } from "./log.ts";

const EVERY_MS = 5_000;

/**
 * Logs an error that comes again and again (a server that is away) once in five seconds, with how often it came. The
 * `context` tells kinds apart: another kind is logged at once.
 */
export class SparseLog {
  readonly #log: Logger;
  readonly #seen = new Map<string, { at: number; since: number }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  warn(context: Readonly<Record<string, unknown>>, error: unknown, message: string): void {
    const kind = `${message} ${JSON.stringify(context)}`;
    const now = Date.now();
    const seen = this.#seen.get(kind);
    if (seen && now - seen.at < EVERY_MS) {
      seen.since += 1;
      return;
    }
    this.#log.warn({ ...context, err: error, suppressed: seen?.since ?? 0 }, message);
    this.#seen.set(kind, { at: now, since: 0 });
  }
}
