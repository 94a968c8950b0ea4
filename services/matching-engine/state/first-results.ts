import { idempotencyKeyOf } from "../../kernel/database/command-log.ts";
import { type AcceptedCommand, type AccountId, WALLET_STREAM } from "../../kernel/domain/command.ts";
import type { Intent } from "../../kernel/domain/intent.ts";

/** How long a request's Idempotency-Key is remembered. Milliseconds. */
export const REMEMBERED_MS = 24 * 60 * 60_000;

/** How long what was logged stays here, beside the database that has it, too. */
const KEPT_MS = 60_000;

/** What a command is found by when its sender repeats it. */
export type RepeatKey =
  /** A deposit's reference, an account's opening: for ever. */
  | {
      readonly by: "reference";
      readonly accountId: AccountId;
      readonly kind: string;
      readonly clientId: string;
    }
  /** A request's Idempotency-Key. */
  | { readonly by: "key"; readonly accountId: AccountId; readonly key: string };

/** null for what is not meant to be repeated. */
export function repeatKeyOf({ stream, accountId, clientId, command }: Intent): RepeatKey | null {
  if (stream === WALLET_STREAM) return { by: "reference", accountId, kind: command.kind, clientId };
  const key = idempotencyKeyOf(command);
  return key === undefined ? null : { by: "key", accountId, key };
}

const textOf = (key: RepeatKey): string =>
  key.by === "key"
    ? `key ${key.accountId} ${key.key}`
    : `reference ${key.accountId} ${key.kind} ${key.clientId}`;

/**
 * The commands that somebody may repeat, from their being sequenced until the database certainly has them: whoever does
 * not find one there finds it here.
 */
export class FirstResults {
  readonly #commands = new Map<string, { readonly command: AcceptedCommand; readonly at: number }>();

  get(key: RepeatKey): AcceptedCommand | undefined {
    return this.#commands.get(textOf(key))?.command;
  }

  /** @param now performance.now() */
  sequenced(command: AcceptedCommand, now: number): void {
    const key = repeatKeyOf(command);
    if (key === null) return;
    this.forgetOld(now);
    this.#commands.set(textOf(key), { command, at: now });
  }

  /** The command was never logged. */
  withdrawn(command: AcceptedCommand): void {
    const key = repeatKeyOf(command);
    if (key !== null && this.get(key) === command) this.#commands.delete(textOf(key));
  }

  /** Forgets what has long been in the database. Oldest first, as a Map keeps them. */
  forgetOld(now: number): void {
    for (const [key, { at }] of this.#commands) {
      if (now - at < KEPT_MS) return;
      this.#commands.delete(key);
    }
  }
}
