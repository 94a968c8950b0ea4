/**
 * Milliseconds since 1970, to the microsecond (more digits would only lengthen the records); never goes back within a
 * process, as Date.now() may.
 */
export const now = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000) / 1_000;
