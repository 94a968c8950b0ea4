import { minutes } from "@castle/regions/duration.ts";
import { z } from "zod";
import type { AccountId } from "../domain/command.ts";
import { seal, unseal } from "../seal.ts";

/** How long a listen key opens a user stream, as on Binance. */
export const LISTEN_KEY_LIFETIME = minutes(60);

const contents = z.tuple([z.literal("listen-key"), z.number().int().positive(), z.number().int()]);

export interface ListenKey {
  readonly accountId: AccountId;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A listen key holds what it stands for, sealed: nothing is stored, so one that was issued before a failover opens the
 * user stream of the other cell after it. The price: it cannot be taken back before it expires.
 * @param now milliseconds since 1970
 */
export const issueListenKey = (sealKey: Buffer, accountId: AccountId, now: number): string =>
  seal(sealKey, JSON.stringify(["listen-key", accountId, now + LISTEN_KEY_LIFETIME.ms]));

/** @returns null when the text is no listen key of this platform, or has expired. */
export function readListenKey(sealKey: Buffer, text: string, now: number): ListenKey | null {
  const parsed = contents.safeParse(unsealed(sealKey, text));
  if (!parsed.success) return null;
  const [, accountId, expiresAt] = parsed.data;
  return now < expiresAt ? { accountId, expiresAt } : null;
}

/** Whatever a stranger sends fails to open or to parse; both mean the same: not ours. */
function unsealed(sealKey: Buffer, text: string): unknown {
  try {
    return JSON.parse(unseal(sealKey, text));
  } catch {
    return undefined;
  }
}
