/** What the owner tells its reaper, a JSON line each. The end of the pipe without `release` is the owner's death. */
export type ReaperOrder =
  | { readonly kind: "own"; readonly pid: number; readonly started: string }
  | { readonly kind: "disown"; readonly pid: number }
  /** Everything was ended and removed in order: nothing is left to do. */
  | { readonly kind: "release" };

/** The variable that marks every process of one owner, its descendants included. */
export const OWNER_MARK = "CASTLE_OWNER";
