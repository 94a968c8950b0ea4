import type { CellRegion } from "../../target.ts";

/** The one mode in which nobody, whoever he is, can remove a version before its time, or shorten that. */
export const COMPLIANCE = "COMPLIANCE";

/** A bucket with versions and Object Lock, as far as evidence needs one. */
export interface EvidenceBucket {
  readonly region: CellRegion;
  readonly name: string;
  /**
   * Writes a line, locked, where there is none of that key yet. Harmless when repeated.
   * @returns `taken` when the key is: perhaps by the same line, whose answer was lost.
   */
  put(key: string, line: string, signal?: AbortSignal): Promise<"written" | "taken">;
  /** Every version and every delete marker whose key begins so, by key, the newest first. */
  list(prefix: string, signal?: AbortSignal): Promise<readonly StoredObject[]>;
  read(object: StoredObject, signal?: AbortSignal): Promise<StoredContent>;
}

export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  /** Hides what is behind it from whoever names no version. */
  readonly isDeleteMarker: boolean;
  /** By the bucket's own clock: milliseconds since 1970. */
  readonly writtenAt: number;
  /** Bytes; 0 of a delete marker. */
  readonly size: number;
}

export interface StoredContent {
  readonly bytes: Uint8Array;
  /** null: the version is not locked. `until` in milliseconds since 1970. */
  readonly retention: { readonly mode: string; readonly until: number } | null;
}
