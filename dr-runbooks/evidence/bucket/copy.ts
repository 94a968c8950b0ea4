import { atOnce } from "./at-once.ts";
import type { EvidenceBucket, StoredContent, StoredObject } from "./bucket.ts";
import { PREFIX, placeOf, prefixOf } from "./place.ts";

/** What a bucket holds of the records: every version of every object, with what is in it. */
export interface BucketCopy {
  readonly bucket: string;
  readonly objects: readonly CopiedObject[];
}

export type CopiedObject = StoredObject & {
  /** null of a delete marker. */
  readonly content: StoredContent | null;
};

/** Requests at the same time; S3 takes thousands, a link with much delay is filled by these. */
const AT_ONCE = 16;

/** @param chain that one alone. @throws the bucket's errors. */
export async function readCopy(
  bucket: EvidenceBucket,
  chain?: string,
  signal?: AbortSignal,
): Promise<BucketCopy> {
  const listed = await bucket.list(chain === undefined ? PREFIX : prefixOf(chain), signal);
  const objects: CopiedObject[] = [];
  await atOnce(AT_ONCE, listed, async (object, at) => {
    objects[at] = { ...object, content: object.isDeleteMarker ? null : await bucket.read(object, signal) };
  });
  return { bucket: bucket.name, objects };
}

/** Strict, as the lines of a file are read. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The lines of each chain, as far as they follow on each other, without their ends. Of an object with several versions
 * the oldest counts: whatever came later was not written by us, who never write a key again. Pure.
 */
export function linesOf({ objects }: BucketCopy): ReadonlyMap<string, readonly string[]> {
  const first = new Map<string, Map<number, CopiedObject>>();
  for (const object of objects) {
    const place = placeOf(object.key);
    if (place === null || object.isDeleteMarker) continue;
    const chain = first.get(place.chain) ?? new Map<number, CopiedObject>();
    const known = chain.get(place.seq);
    if (!known || object.writtenAt <= known.writtenAt) chain.set(place.seq, object);
    first.set(place.chain, chain);
  }
  return new Map(
    [...first].map(([chain, bySeq]) => {
      const lines: string[] = [];
      for (let object = bySeq.get(1); object; object = bySeq.get(lines.length + 1))
        lines.push(lineIn(object));
      return [chain, lines];
    }),
  );
}

/** What is no line of text with one end is no entry either, and is told as such where it is looked at. */
function lineIn({ content }: CopiedObject): string {
  try {
    const text = utf8.decode(content?.bytes);
    return text.indexOf("\n") === text.length - 1 ? text.slice(0, -1) : "";
  } catch {
    return "";
  }
}
