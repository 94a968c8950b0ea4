/** Whether labels meet a selector. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Reads a label selector: requirements that must all hold, with commas between them: `a=b`, `a==b`, `a!=b`, `a` (there
 * is one) or `!a` (there is none). An empty one is met by everything.
 * @returns null for what is no selector, or one of sets (`a in (b, c)`), which nobody asks the lab for.
 */
export function readSelector(text: string): Selector | null {
  const requirements = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(readRequirement);
  return requirements.includes(null)
    ? null
    : (labels) => requirements.every((holds) => holds?.(labels) ?? false);
}

const KEY = "[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?";
const COMPARISON = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`);
const EXISTENCE = new RegExp(`^(!?)(${KEY})$`);

function readRequirement(text: string): Selector | null {
  const [, key = "", operator, value] = COMPARISON.exec(text) ?? [];
  if (operator) return (labels) => (labels[key] === value) === (operator !== "!=");
  const [, not, name = ""] = EXISTENCE.exec(text) ?? [];
  return not === undefined ? null : (labels) => Object.hasOwn(labels, name) === (not === "");
}
