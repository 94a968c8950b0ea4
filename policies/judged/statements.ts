/** A statement of an AWS policy, as far as rules look at it. */
export interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: unknown;
}

/** The statements of a policy that is text, or a tree already; none where it is neither. */
export function statementsIn(policy: unknown): readonly PolicyStatement[] {
  const tree: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
  if (typeof tree !== "object" || tree === null || !("Statement" in tree)) return [];
  return [tree.Statement].flat() as readonly PolicyStatement[];
}

/** One text, or several, as a list. */
export const textsOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();
