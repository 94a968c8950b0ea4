import { setTimeout as sleep } from "node:timers/promises";
import { type Duration, milliseconds, seconds } from "@castle/regions/duration.ts";
import { reason } from "../../cells/reachable.ts";
import { entryOf } from "../chain.ts";
import { INDEX, type IndexEvent, indexEventSchema } from "../executions-index.ts";
import { atOnce } from "./at-once.ts";
import type { EvidenceBucket } from "./bucket.ts";
import { type ChainOnDisk, FolderOnDisk } from "./folder-on-disk.ts";
import { keyOf, PREFIX, placeOf } from "./place.ts";

/** What became of a shipment. */
export interface Shipped {
  readonly bucket: Pick<EvidenceBucket, "region" | "name">;
  /** Lines that were not there before. */
  readonly sent: number;
  readonly left: readonly ChainLeft[];
}

/** A chain that is not there whole. */
export interface ChainLeft {
  readonly chain: string;
  /** Lines that are there. */
  readonly there: number;
  /** Lines that the folder holds. */
  readonly lines: number;
  readonly because: string;
}

/** After a failure, twice as long each time, up to the longest. */
const PAUSE = { first: milliseconds(200), longest: seconds(5) } as const;

const CHAINS_AT_ONCE = 8;

/** Another line is there: this folder and the bucket went different ways. Trying again cannot help. */
class Diverged extends Error {}

/**
 * Sends the lines of a folder to a bucket, in the background, one object a line. It reads what is on disk, and so is
 * never ahead of the folder, which is what a runner waits for; a runner waits for no bucket.
 *
 * The lines of a chain are sent one after the other, each when the one before is there. Sent side by side they could
 * leave a gap when the process is killed; whoever then goes on from the bucket would write another line into the gap, and
 * the chain would be broken for good. Chains, and buckets, are sent beside each other.
 */
export class Shipper {
  readonly #bucket: EvidenceBucket;
  readonly #files: FolderOnDisk;
  readonly #stop = new AbortController();
  readonly #diverged = new Map<string, string>();
  readonly #working: Promise<void>;
  /** Lines of each chain that are in the bucket; null until it was asked. */
  #there: Map<string, number> | null = null;
  /** Lines of each chain that the folder holds, when it was last read. */
  readonly #here = new Map<string, number>();
  #sent = 0;
  #failure: string | null = null;
  #isDirty = true;
  #isEnding = false;
  #wake = (): void => undefined;

  constructor(bucket: EvidenceBucket, folder: string) {
    this.#bucket = bucket;
    this.#files = new FolderOnDisk(folder);
    this.#working = this.#work();
  }

  /** Something was written. */
  poke(): void {
    this.#isDirty = true;
    this.#wake();
  }

  /** Resolves once everything is there, or the time is up, or nothing more can be done. Never rejects. */
  async end(patience: Duration): Promise<Shipped> {
    this.#isEnding = true;
    this.poke();
    const timer = setTimeout(
      () => this.#stop.abort(new Error(`nothing more was tried after ${patience}`)),
      patience.ms,
    );
    await this.#working.finally(() => clearTimeout(timer));
    return { bucket: this.#bucket, sent: this.#sent, left: this.#left() };
  }

  async #work(): Promise<void> {
    for (let pause = PAUSE.first; !this.#stop.signal.aborted; ) {
      if (!this.#isDirty) {
        if (this.#isEnding) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#isDirty = false;
      try {
        await this.#round();
        this.#failure = null;
        pause = PAUSE.first;
      } catch (error) {
        this.#failure = reason(error);
        this.#isDirty = true;
        await sleep(pause.ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
        pause = milliseconds(Math.min(pause.ms * 2, PAUSE.longest.ms));
      }
    }
  }

  async #round(): Promise<void> {
    const chains = await this.#files.read();
    for (const { chain, lines } of chains) this.#here.set(chain, lines.length);
    this.#there ??= await this.#countThere();
    const index = chains.find(({ chain }) => chain === INDEX);
    const [newest, ...older] = chains.filter(({ chain }) => chain !== INDEX);
    // What is being recorded now goes before what was left over.
    if (newest) await this.#send({ ...newest, lines: newest.lines.slice(0, 1) });
    await this.#sendIndex(index);
    if (newest) await this.#send(newest);
    await this.#sendIndex(index);
    await atOnce(CHAINS_AT_ONCE, older, (chain) => this.#send(chain, () => this.#isDirty));
    await this.#sendIndex(index);
  }

  /**
   * The index tells only of lines that are there, and of a record that has two lines there it tells: whoever finds a copy
   * that a kill left unfinished finds the one that fits the other.
   */
  async #sendIndex(index: ChainOnDisk | undefined): Promise<void> {
    if (!index) return;
    const ahead = index.lines.findIndex((line) => {
      const told = indexEventSchema.safeParse(entryOf(line)?.event).data;
      return told !== undefined && this.#isStillToCome(told);
    });
    await this.#send(ahead === -1 ? index : { chain: INDEX, lines: index.lines.slice(0, ahead) });
  }

  /** Lines that the folder does not hold, or that cannot be sent, will not come. */
  #isStillToCome({ id, lines }: IndexEvent): boolean {
    const there = this.#there?.get(id) ?? 0;
    return there < lines && lines <= (this.#here.get(id) ?? 0) && !this.#diverged.has(id);
  }

  async #countThere(): Promise<Map<string, number>> {
    const found = new Map<string, Set<number>>();
    for (const { key, isDeleteMarker } of await this.#bucket.list(PREFIX, this.#stop.signal)) {
      const place = placeOf(key);
      if (place === null || isDeleteMarker) continue;
      found.set(place.chain, (found.get(place.chain) ?? new Set()).add(place.seq));
    }
    return new Map(
      [...found].map(([chain, seqs]) => {
        let length = 0;
        while (seqs.has(length + 1)) length++;
        return [chain, length];
      }),
    );
  }

  async #send({ chain, lines }: ChainOnDisk, givesWay = (): boolean => false): Promise<void> {
    if (this.#diverged.has(chain)) return;
    for (let there = this.#there?.get(chain) ?? 0; there < lines.length; there++) {
      if (givesWay()) return;
      const key = keyOf({ chain, seq: there + 1 });
      try {
        await this.#sendLine(key, `${lines[there]}\n`);
      } catch (error) {
        if (!(error instanceof Diverged)) throw error;
        this.#diverged.set(chain, error.message);
        return;
      }
      this.#there?.set(chain, there + 1);
    }
  }

  async #sendLine(key: string, line: string): Promise<void> {
    const { signal } = this.#stop;
    if ((await this.#bucket.put(key, line, signal)) === "written") {
      this.#sent++;
      return;
    }
    const versions = (await this.#bucket.list(key, signal)).filter(({ isDeleteMarker }) => !isDeleteMarker);
    const oldest = versions.at(-1);
    const found = oldest ? await this.#bucket.read(oldest, signal) : null;
    if (found && Buffer.from(found.bytes).equals(Buffer.from(line))) return;
    throw new Diverged(
      `${key} is another line there: the execution went on from another folder, or somebody altered one of the two`,
    );
  }

  #left(): ChainLeft[] {
    const because = this.#failure ?? (this.#stop.signal.aborted ? reason(this.#stop.signal.reason) : "");
    return [...this.#here].flatMap(([chain, lines]) => {
      const there = this.#there?.get(chain) ?? 0;
      return there < lines ? [{ chain, there, lines, because: this.#diverged.get(chain) ?? because }] : [];
    });
  }
}
