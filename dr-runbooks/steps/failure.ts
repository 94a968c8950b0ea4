import type { Failure } from "../engine/step.ts";

/**
 * What a failed step means, and what can be done, in order; each a sentence that begins with a verb. Put together here,
 * once, since an object literal with a property named `then` makes linters think of promises.
 */
export const failure = (means: string, then: readonly string[]): Failure => ({ means, then });
