/**
 * JSON with one spelling for each value, so that a hash over it means the value: no spaces, the members of every object
 * sorted by name (RFC 8785). @throws Error for what JSON cannot hold.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.join(",")}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error(`JSON holds no ${typeof value}`);
  return text;
}

/** The value as it is read back: dates become strings, what is undefined goes. */
export const asRead = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
