import { type AwsFault, clientFault } from "../fault.ts";

/**
 * How long a version is kept, whoever wants it gone. `COMPLIANCE`: nobody can remove it before, or shorten that.
 * `GOVERNANCE`: those can who have the permission to, and say so.
 */
export interface Retention {
  readonly mode: "COMPLIANCE" | "GOVERNANCE";
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface AskedRetention {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
}

/**
 * Reads the retention that a request asks for; null when it asks for none.
 * @throws AwsFault, as S3 refuses half of one, or one that has ended before it begins.
 */
export function askedRetention(
  { ObjectLockMode: mode, ObjectLockRetainUntilDate: until }: AskedRetention,
  { objectLock, now }: { readonly objectLock: boolean; readonly now: number },
): Retention | null {
  if (mode === undefined && until === undefined) return null;
  if (!objectLock) throw clientFault("InvalidRequest", "Bucket is missing Object Lock Configuration");
  if (mode === undefined || until === undefined)
    throw invalid("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
  if (mode !== "COMPLIANCE" && mode !== "GOVERNANCE") throw invalid("Unknown wormMode directive");
  if (until.getTime() <= now) throw invalid("The retain until date must be in the future!");
  return { mode, until: until.getTime() };
}

/** @throws AwsFault when the version may not be removed yet. */
export function requireRemovable(
  retention: Retention | null,
  { now, bypassGovernance }: { readonly now: number; readonly bypassGovernance: boolean },
): void {
  if (retention === null || retention.until <= now) return;
  if (retention.mode === "GOVERNANCE" && bypassGovernance) return;
  throw clientFault("AccessDenied", "Access Denied because object protected by object lock.", 403);
}

const invalid = (message: string): AwsFault => clientFault("InvalidArgument", message);
