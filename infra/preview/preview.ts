/** A preview as the state's backend knows it, on whatever machine one asks. */
export interface Preview {
  readonly stack: string;
  /** null where nobody wrote it down, as when `up` was interrupted at its start. */
  readonly branch: string | null;
  readonly by: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
  readonly resources: number | null;
  readonly updating: boolean;
}

/** Tags of a preview's stack. */
export const TAGS = {
  branch: "castle:branch",
  by: "castle:by",
  createdAt: "castle:created-at",
  expiresAt: "castle:expires-at",
} as const;

/** What is written with the stack before anything is made, so that also a preview that failed half-way is found and ended. */
export const tagsOf = (preview: {
  readonly branch: string;
  readonly by: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}): Readonly<Record<string, string>> => ({
  [TAGS.branch]: preview.branch,
  [TAGS.by]: preview.by,
  [TAGS.createdAt]: new Date(preview.createdAt).toISOString(),
  [TAGS.expiresAt]: new Date(preview.expiresAt).toISOString(),
});

export interface FoundStack {
  readonly name: string;
  readonly resourceCount?: number | undefined;
  readonly updateInProgress?: boolean | undefined;
}

export function previewOf(stack: FoundStack, tags: Readonly<Record<string, string>>): Preview {
  return {
    stack: stack.name,
    branch: tags[TAGS.branch] ?? null,
    by: tags[TAGS.by] ?? null,
    createdAt: instant(tags[TAGS.createdAt]),
    expiresAt: instant(tags[TAGS.expiresAt]),
    resources: stack.resourceCount ?? null,
    updating: stack.updateInProgress ?? false,
  };
}

const instant = (text: string | undefined): number | null => {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : at;
};

/** One without a known end is not expired: it is somebody's to name. Nor is one that is being changed just now. */
export const hasExpired = ({ expiresAt, updating }: Preview, now: number): boolean =>
  expiresAt !== null && expiresAt <= now && !updating;
