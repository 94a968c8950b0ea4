import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { type RecordKind, type RecordTypes, recordFiles } from "./records.ts";

/** Lines gathered before they go to the file: one write for many facts keeps the load generator light. */
const GATHERED_CHARACTERS = 64 * 1024;

/** Writes what the traders are told as it comes, so that memory stays flat and a crash keeps what was told before. */
export class RecordWriter {
  readonly #files: Readonly<Record<RecordKind, JsonLines>>;

  /** @throws Error when the folder cannot be made. Files of an earlier run in it are written over. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const open = (kind: RecordKind): JsonLines => new JsonLines(join(folder, recordFiles[kind]));
    this.#files = {
      acknowledgements: open("acknowledgements"),
      orders: open("orders"),
      fills: open("fills"),
      depthEvents: open("depthEvents"),
      depthSnapshots: open("depthSnapshots"),
      requests: open("requests"),
      resolutions: open("resolutions"),
      refusals: open("refusals"),
    };
  }

  write<Kind extends RecordKind>(kind: Kind, record: RecordTypes[Kind]): void {
    this.#files[kind].write(record);
  }

  /** Resolves when everything is in the files. @throws when the disk refused */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#files).map((file) => file.close()));
  }
}

class JsonLines {
  readonly #stream: WriteStream;
  #gathered = "";
  #failed: Error | null = null;

  constructor(path: string) {
    this.#stream = createWriteStream(path);
    this.#stream.on("error", (error) => {
      this.#failed = error;
    });
  }

  write(record: object): void {
    this.#gathered += `${JSON.stringify(record)}\n`;
    if (this.#gathered.length >= GATHERED_CHARACTERS) this.#flush();
  }

  async close(): Promise<void> {
    this.#flush();
    if (this.#failed) throw this.#failed;
    this.#stream.end();
    await finished(this.#stream);
  }

  #flush(): void {
    if (this.#gathered === "") return;
    this.#stream.write(this.#gathered);
    this.#gathered = "";
  }
}
