import { milliseconds } from "@castle/regions/duration.ts";
import type { RetryPolicy } from "./step.ts";

/** Broken and refused connections, as Node names them. */
const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);

/**
 * SQLSTATEs that pass by themselves while a server changes its role: 08 connection lost, 40 deadlock or serialization,
 * 57P0x shutting down or starting up, 53300 too many connections, 25006 not yet the writer.
 */
const SQL = /^(08|40|57P0|53300|25006)/;

/** Clients' own words for a connection that ended or a pool or a request that waited in vain. */
const WORDS =
  /connection (?:is closed|terminated|ended|timeout)|timeout (?:exceeded|acquiring|expired)|query read timeout|acquiring a connection|stream isn't writeable|command timed out|READONLY|LOADING|MASTERDOWN/i;

/** Errors that name themselves so. */
const NAMES = new Set(["TimeoutError", "AbortError", "WitnessUnreachable", "KnexTimeoutError"]);

/** Whether the same thing may work when it is tried again in a moment. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isTransient)) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    NAMES.has(error.name) ||
    NETWORK.has(code) ||
    SQL.test(code) ||
    WORDS.test(error.message) ||
    isPassingAtAws(error)
  );
}

/** The AWS SDK marks what it would repeat, and carries the HTTP status of the answer. */
function isPassingAtAws(error: Error): boolean {
  if ("$retryable" in error && error.$retryable !== undefined) return true;
  if (/throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|InternalFailure/i.test(error.name))
    return true;
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return false;
  return typeof metadata.httpStatusCode === "number" && metadata.httpStatusCode >= 500;
}

/** Tries again, quickly, as long as the step has time: a failover's first minutes are full of passing errors. */
export const untilTimeout: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  pause: milliseconds(50),
  transient: isTransient,
};
