/**
 * Whether it is time again, for each thing by itself: the first time, and then once the span has passed.
 * @param everyMs milliseconds
 */
export function seldom(everyMs: number): (what: string) => boolean {
  const told = new Map<string, number>();
  return (what) => {
    const now = performance.now();
    if (now - (told.get(what) ?? Number.NEGATIVE_INFINITY) < everyMs) return false;
    told.set(what, now);
    return true;
  };
}
