import { SomebodyMustAgree } from "../approvals/somebody-must-agree.ts";

/** The exit codes of every command. */
export const exitCode = {
  good: 0,
  /** A check or the operation failed. */
  failed: 1,
  /** Bad usage or input: nothing was begun. */
  usage: 2,
  interrupted: 130,
} as const;

/** The command cannot be carried out as it was given: what was wrong, and what to do. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/** Tells an error on stderr. @returns the exit code that goes with it. */
export function reportError(error: unknown): number {
  process.stderr.write(`castle: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError || error instanceof SomebodyMustAgree ? exitCode.usage : exitCode.failed;
}

/** Tells on stderr, a line each, what must not go unnoticed and is no failure of the command. */
export function warn(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`castle: ${line}\n`);
}
