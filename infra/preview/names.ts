import { createHash } from "node:crypto";
import { PreviewRefused } from "./refused.ts";

/** Begins the name of every preview's stack, and of no other stack. */
export const PREFIX = "preview-";

/** Enough of a branch's name to recognise it by. */
const MOST_OF_BRANCH = 30;

export interface PreviewNames {
  /** Of the stack: `preview-fix-order-book-3f2a9c1d`. */
  readonly stack: string;
  /** Begins the physical names: AWS allows some of them few characters. */
  readonly environment: string;
}

/**
 * Names for a branch, the same ones every time. Two branches never share them, however alike they are once what a stack's
 * name does not allow is gone: what tells them apart is a digest of the branch's own name. Pure.
 * @throws PreviewRefused for a branch without a name
 */
export function previewNames(branch: string): PreviewNames {
  if (branch.trim() === "" || branch === "HEAD")
    throw new PreviewRefused(
      "there is no branch to name the preview after (a commit is checked out, not a branch): name one with --branch",
    );
  const digest = createHash("sha256").update(branch).digest("hex").slice(0, 8);
  const readable = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MOST_OF_BRANCH)
    .replace(/^-+|-+$/g, "");
  return {
    stack: `${PREFIX}${[readable, digest].filter(Boolean).join("-")}`,
    // Names of AWS's begin with a letter.
    environment: `p${digest}`,
  };
}
