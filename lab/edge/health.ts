/** Health of one target, as a load balancer sees it. */
export interface TargetHealth {
  readonly healthy: boolean;
  /** How many checks in a row spoke against `healthy`. */
  readonly against: number;
  /** Whether it was ever checked. */
  readonly tested: boolean;
}

/** A target is not healthy until it has shown to be. */
export const untested: TargetHealth = { healthy: false, against: 0, tested: false };

/** So many checks in a row, either way, change a target's health. */
export const THRESHOLD = 2;

export function observe(before: TargetHealth, passed: boolean): TargetHealth {
  const against = passed === before.healthy ? 0 : before.against + 1;
  if (against < THRESHOLD) return { healthy: before.healthy, against, tested: true };
  return { healthy: passed, against: 0, tested: true };
}

/**
 * A load balancer counts as a healthy endpoint only if every one of its target groups has a healthy target.
 * @param targetGroups the health of each group's targets
 */
export const endpointHealthy = (targetGroups: readonly (readonly TargetHealth[])[]): boolean =>
  targetGroups.length > 0 && targetGroups.every((targets) => targets.some(({ healthy }) => healthy));

/** Whom a load balancer gives new connections to: its healthy targets, or all when there are none. */
export function candidates<T extends { readonly health: TargetHealth }>(targets: readonly T[]): readonly T[] {
  const healthy = targets.filter(({ health }) => health.healthy);
  return healthy.length > 0 ? healthy : targets;
}
