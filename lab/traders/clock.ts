/** Milliseconds since 1970 with a fraction; never goes back within a process, as Date.now() may. */
export const now = (): number => performance.timeOrigin + performance.now();
