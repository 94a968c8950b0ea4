/** One instance of a member's cluster. */
export interface MemberInstance {
  readonly suffix: string;
  readonly zone: string;
  /** Aurora promotes the lowest tier first; within the cell it may be any of the first two. */
  readonly promotionTier: 0 | 1;
}

/** The instances of a member, a zone each in turn: the loss of a zone takes no more of them than it must. Pure. */
export const memberInstances = (count: number, zones: readonly string[]): readonly MemberInstance[] =>
  Array.from({ length: count }, (_, index) => {
    const zone = zones[index % zones.length];
    if (zone === undefined) throw new Error("the region has no zones: see regions/catalogue.ts");
    return { suffix: String(index + 1), zone, promotionTier: index < 2 ? 0 : 1 };
  });
