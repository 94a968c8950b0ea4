export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; absent on the last. */
  readonly Marker?: string;
}

export interface PageRequest {
  readonly MaxRecords?: number | undefined;
  readonly Marker?: string | undefined;
}

/**
 * One page of `items`, as RDS and ElastiCache give them: at most `MaxRecords` of them, 100 when not asked, starting after
 * the item that `Marker` names. Items are ordered by key, so that one which comes or goes between two pages moves no
 * other across their border.
 *
 * @returns null when the marker is not one that a page ended with.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { MaxRecords = 100, Marker }: PageRequest,
): Page<Item> | null {
  const after = Marker === undefined ? "" : readMarker(Marker);
  if (after === null) return null;
  const rest = items
    .filter((item) => Marker === undefined || keyOf(item) > after)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = rest.slice(0, MaxRecords);
  const last = page.at(-1);
  if (last === undefined || page.length === rest.length) return { items: page };
  return { items: page, Marker: writeMarker(keyOf(last)) };
}

const prefix = "castle-lab:";

/** Opaque to clients, as AWS's are. Plain base64 is what the strictest of them, Service Quotas, lets through. */
const writeMarker = (key: string): string => Buffer.from(prefix + key).toString("base64");

const readMarker = (marker: string): string | null => {
  const text = Buffer.from(marker, "base64").toString("utf8");
  return text.startsWith(prefix) ? text.slice(prefix.length) : null;
};
