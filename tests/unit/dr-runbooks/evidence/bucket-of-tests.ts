import type {
  EvidenceBucket,
  StoredContent,
  StoredObject,
} from "@castle/dr-runbooks/evidence/bucket/bucket.ts";

interface Kept extends StoredObject {
  bytes: Uint8Array;
  retention: StoredContent["retention"];
}

export const DAY = 86_400_000;

/** A bucket in memory, as somebody would alter it who may, and with the ways in which a call can go wrong. */
export class BucketOfTests implements EvidenceBucket {
  readonly region = "eu-central-1";
  readonly name = "evidence-of-tests";
  readonly objects: Kept[] = [];
  /** Keys in the order in which they were written. */
  readonly written: string[] = [];
  /** Asked before each call: rejects, or waits, as it likes. */
  before: (call: "put" | "list" | "read", key: string, signal?: AbortSignal) => Promise<void> = async () =>
    undefined;
  /** The answer of the next write is lost: it is carried out, and its caller is told that it failed. */
  loseAnswer = false;
  #version = 0;

  async put(key: string, line: string, signal?: AbortSignal): Promise<"written" | "taken"> {
    await this.before("put", key, signal);
    const newest = this.objects.findLast((object) => object.key === key);
    if (newest && !newest.isDeleteMarker) return "taken";
    this.keep(key, Buffer.from(line));
    this.written.push(key);
    if (!this.loseAnswer) return "written";
    this.loseAnswer = false;
    throw new Error("socket hang up");
  }

  async list(prefix: string, signal?: AbortSignal): Promise<readonly StoredObject[]> {
    await this.before("list", prefix, signal);
    return this.objects
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((a, b) => (a.key === b.key ? b.writtenAt - a.writtenAt : a.key < b.key ? -1 : 1));
  }

  async read({ key, versionId }: StoredObject, signal?: AbortSignal): Promise<StoredContent> {
    await this.before("read", key, signal);
    const found = this.objects.find((object) => object.key === key && object.versionId === versionId);
    if (!found) throw new Error(`no ${key}`);
    return found;
  }

  /** Puts a version there without asking. */
  keep(key: string, bytes: Uint8Array, more: Partial<Kept> = {}): void {
    const writtenAt = ++this.#version;
    const retention = { mode: "COMPLIANCE", until: writtenAt + 30 * DAY };
    this.objects.push({
      ...{ key, bytes, writtenAt, retention, versionId: `v${writtenAt}`, isDeleteMarker: false },
      size: bytes.byteLength,
      ...more,
    });
  }

  object(key: string): Kept {
    const found = this.objects.find((object) => object.key === key);
    if (!found) throw new Error(`no ${key}`);
    return found;
  }

  text(key: string): string {
    return Buffer.from(this.object(key).bytes).toString();
  }

  remove(key: string): void {
    this.objects.splice(this.objects.indexOf(this.object(key)), 1);
  }
}
