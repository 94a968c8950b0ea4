import type { WhoActs } from "./account.ts";
import { requireAccount } from "./account.ts";
import { previewNames } from "./names.ts";
import { hasExpired, type Preview, tagsOf } from "./preview.ts";
import { previewConfig } from "./preview-config.ts";
import type { Previews } from "./previews.ts";
import { PreviewRefused } from "./refused.ts";
import { timeToLive } from "./time-to-live.ts";

/** What the commands need of their surroundings. */
export interface PreviewSurroundings {
  readonly previews: () => Promise<Previews>;
  readonly whoActs: WhoActs;
  readonly now: () => number;
}

export interface UpOptions {
  readonly branch: string;
  /** `8h`, `3d`. */
  readonly ttl: string;
  readonly by: string;
  readonly release?: string | undefined;
}

export interface UpDone {
  readonly stack: string;
  readonly expiresAt: number;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Makes a branch's preview, or brings it to the branch as it is now; its time to live starts again.
 * @throws PreviewRefused before anything is begun
 */
export async function previewUp(
  { branch, ttl, by, release }: UpOptions,
  { previews, whoActs, now }: PreviewSurroundings,
): Promise<UpDone> {
  const names = previewNames(branch);
  const lives = timeToLive(ttl);
  const { account, config } = previewConfig(names, release);
  const opened = await previews();
  await requireAccount(account, whoActs);
  const before = (await opened.all()).find(({ stack }) => stack === names.stack);
  const expiresAt = now() + lives.ms;
  const createdAt = before?.createdAt ?? now();
  const outputs = await opened.up(names.stack, config, tagsOf({ branch, by, createdAt, expiresAt }));
  return { stack: names.stack, expiresAt, outputs };
}

export interface ReapOptions {
  /** Stacks or branches; none for every one that has expired. */
  readonly names: readonly string[];
  readonly all: boolean;
}

/**
 * What a reaping would end. Pure.
 * @throws PreviewRefused for a name that is no preview's
 */
export function toReap(
  previews: readonly Preview[],
  { names, all }: ReapOptions,
  now: number,
): readonly Preview[] {
  if (all && names.length > 0) throw new PreviewRefused("name previews, or --all of them: not both");
  if (all) return previews;
  if (names.length === 0) return previews.filter((preview) => hasExpired(preview, now));
  return names.map((name) => {
    const found = previews.find(({ stack, branch }) => stack === name || branch === name);
    if (found) return found;
    const known = previews.map(({ stack }) => stack).join(", ") || "none";
    throw new PreviewRefused(`there is no preview "${name}"; known: ${known}`);
  });
}

export interface Reaped {
  readonly stack: string;
  /** null when it is gone. */
  readonly failure: string | null;
}

/**
 * Ends previews, one after the other; one that cannot be ended keeps no other from its end.
 * @throws PreviewRefused in another account than the previews'
 */
export async function reap(
  doomed: readonly Preview[],
  { previews, whoActs }: PreviewSurroundings,
): Promise<readonly Reaped[]> {
  const { account } = previewConfig(previewNames("any"), undefined);
  await requireAccount(account, whoActs);
  const opened = await previews();
  const reaped: Reaped[] = [];
  for (const { stack } of doomed) {
    const failure = await opened.reap(stack).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    reaped.push({ stack, failure });
  }
  return reaped;
}
