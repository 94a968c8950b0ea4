import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Retention } from "./lock.ts";

/** One version of an object, without its bytes. */
export interface Version {
  readonly key: string;
  readonly versionId: string;
  /** Counts up over the whole bucket: of two versions of a key, the higher is the newer. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** Stands where an object was deleted without naming a version: what was there is still there, behind it. */
  readonly deleteMarker: boolean;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** As it was sent, by the member that carries it: `ChecksumCRC32`. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly retention: Retention | null;
}

export type NewObject = Pick<Version, "key" | "contentType" | "metadata" | "checksums" | "retention"> & {
  readonly body: Uint8Array;
};

export interface BucketOptions {
  readonly name: string;
  readonly region: string;
  /** Where its objects are kept. */
  readonly folder: string;
  /** Whether it was made with Object Lock, and so with versions. AWS cannot be asked to take either away. */
  readonly objectLock?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * A bucket with versions, on disk: two files for each version, what it is and what it holds. Nothing waits between a look
 * and a write: of two that write a key which must be new, one comes first.
 */
export class Bucket {
  readonly name: string;
  readonly region: string;
  readonly objectLock: boolean;
  readonly now: () => number;
  readonly #folder: string;
  readonly #versions: Version[];

  constructor({ name, region, folder, objectLock = true, now = Date.now }: BucketOptions) {
    this.name = name;
    this.region = region;
    this.objectLock = objectLock;
    this.now = now;
    this.#folder = join(folder, name);
    mkdirSync(this.#folder, { recursive: true });
    this.#versions = readdirSync(this.#folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Version)
      .sort((a, b) => a.sequence - b.sequence);
  }

  /** Of every key that begins so, by key, the newest version first: the order in which S3 lists. */
  versions(prefix = ""): readonly Version[] {
    return this.#versions
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((a, b) => (a.key === b.key ? b.sequence - a.sequence : a.key < b.key ? -1 : 1));
  }

  /** The newest version of a key; a delete marker, if it is one. */
  newest(key: string): Version | null {
    return this.#versions.findLast((version) => version.key === key) ?? null;
  }

  version(key: string, versionId: string): Version | null {
    return this.#versions.find((version) => version.key === key && version.versionId === versionId) ?? null;
  }

  read(version: Version): Buffer {
    return readFileSync(this.#pathOf(version, "body"));
  }

  put({ body, ...object }: NewObject): Version {
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    return this.#add({ ...object, etag, size: body.byteLength, deleteMarker: false }, body);
  }

  /** Deletes as S3 does where no version is named: by a marker in front of what is there. */
  mark(key: string): Version {
    const nothing = { contentType: null, metadata: {}, checksums: {}, retention: null };
    return this.#add({ key, ...nothing, etag: "", size: 0, deleteMarker: true }, Buffer.of());
  }

  /** Takes one version away for good. Whether its lock allows that is the caller's to ask. */
  remove(version: Version): void {
    this.#versions.splice(this.#versions.indexOf(version), 1);
    for (const kind of ["json", "body"] as const) rmSync(this.#pathOf(version, kind));
  }

  #add(what: Omit<Version, "sequence" | "versionId" | "writtenAt">, body: Uint8Array): Version {
    const version: Version = {
      ...what,
      sequence: (this.#versions.at(-1)?.sequence ?? 0) + 1,
      versionId: randomBytes(24).toString("base64url"),
      writtenAt: this.now(),
    };
    writeFileSync(this.#pathOf(version, "body"), body);
    writeFileSync(this.#pathOf(version, "json"), `${JSON.stringify(version)}\n`);
    this.#versions.push(version);
    return version;
  }

  /** Keys hold slashes and whatever else; numbers do not. */
  #pathOf({ sequence }: Version, kind: "json" | "body"): string {
    return join(this.#folder, `${String(sequence).padStart(8, "0")}.${kind}`);
  }
}
