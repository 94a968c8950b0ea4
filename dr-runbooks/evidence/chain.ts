import { createHash } from "node:crypto";
import { z } from "zod";
import { asRead, canonical } from "./canonical.ts";
import type { PublicKey, SigningKey } from "./signing-key.ts";

/**
 * A line of a file that cannot be altered unseen. `hash` covers the file's id, the line's place, the line before and the
 * event; `signature` covers the hash, and with it every line so far.
 */
const entrySchema = z.strictObject({
  seq: z.number().int().positive(),
  /** The hash of the line before; of the first, the hash of the file's id. */
  prev: z.string(),
  event: z.unknown(),
  /** SHA-256, hexadecimal. */
  hash: z.string(),
  /** Ed25519, base64url. */
  signature: z.string(),
});

export type Entry = z.infer<typeof entrySchema>;

/** Where a chain ends: how many lines, and the hash of the last. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The head of a chain that has no line yet. */
export const rootOf = (id: string): Head => ({ seq: 0, hash: sha256(id) });

/** The line that tells the event behind the head. */
export function nextEntry(id: string, head: Head, event: unknown, key: SigningKey): Entry {
  const content = { seq: head.seq + 1, prev: head.hash, event: asRead(event) };
  const hash = sha256(canonical({ id, ...content }));
  return { ...content, hash, signature: key.sign(hash) };
}

/** The one spelling of an entry, with its line's end. */
export const lineOf = ({ seq, prev, event, hash, signature }: Entry): string =>
  `{"seq":${seq},"prev":"${prev}","event":${canonical(event)},"hash":"${hash}","signature":"${signature}"}\n`;

/** @returns null for a line that is no entry at all. */
export function entryOf(line: string): Entry | null {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Looks at a line that is to follow the head. Pure.
 * @param key whose signature it must bear; null to look at the chain alone.
 * @returns the entry, or what is wrong, in words.
 */
export function checkLine(id: string, head: Head, line: string, key: PublicKey | null): Entry | string {
  const entry = entryOf(line);
  if (!entry) return "is no entry of a record";
  if (lineOf(entry) !== `${line}\n`) return "is not spelled as it was written";
  const { seq, prev, event, hash, signature } = entry;
  if (seq !== head.seq + 1)
    return `is entry ${seq} where entry ${head.seq + 1} belongs: lines were removed, added or moved`;
  if (prev !== head.hash)
    return seq === 1
      ? "belongs to another record, or to none of this name"
      : "does not follow the line before it: one of the two was replaced";
  if (hash !== sha256(canonical({ id, seq, prev, event })))
    return "was changed: its hash tells another event";
  if (key && !key.verifies(hash, signature)) return `is not signed by the key ${key.fingerprint}`;
  return entry;
}

export interface Lines {
  /** Every whole line, without its end. */
  readonly whole: readonly string[];
  /** How many bytes those take. */
  readonly length: number;
}

/** Strict, since every byte sequence that is no UTF-8 would read alike. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A last line without an end was torn by a kill: it never counted. */
export function wholeLines(bytes: Buffer): Lines {
  const length = bytes.lastIndexOf("\n") + 1;
  const whole: string[] = [];
  for (let start = 0; start < length; ) {
    const end = bytes.indexOf("\n", start);
    whole.push(decoded(bytes.subarray(start, end)));
    start = end + 1;
  }
  return { whole, length };
}

/** What is no text is no entry either, and is told as such where the line is looked at. */
function decoded(line: Buffer): string {
  try {
    return utf8.decode(line);
  } catch {
    return "";
  }
}

export interface Checked {
  readonly entries: readonly Entry[];
  readonly head: Head;
  /** The first line that is not as it was written, counted from 1; null when all are. */
  readonly broken: { readonly line: number; readonly what: string } | null;
}

/** Follows a chain from its root as far as it holds. Pure. */
export function checkChain(id: string, lines: readonly string[], key: PublicKey | null): Checked {
  const entries: Entry[] = [];
  let head = rootOf(id);
  for (const line of lines) {
    const entry = checkLine(id, head, line, key);
    if (typeof entry === "string")
      return { entries, head, broken: { line: entries.length + 1, what: entry } };
    entries.push(entry);
    head = entry;
  }
  return { entries, head: { seq: head.seq, hash: head.hash }, broken: null };
}
