import { setTimeout as delay } from "node:timers/promises";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { Logger } from "@castle/services/kernel/log.ts";

const READ_EVERY_MS = 400;

export interface WitnessWatchOptions {
  readonly witness: Witness;
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly log: Logger;
  /** The witness names another epoch, or another cell. */
  readonly onOther: (because: string) => void;
}

/** Reads the witness now and then while the cell is active. Off the hot path: acknowledgements in `paired` need none. */
export class WitnessWatch {
  readonly #options: WitnessWatchOptions;
  readonly #stopping = new AbortController();
  #record: WitnessRecord | null = null;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #kept: Promise<void> | null = null;

  constructor(options: WitnessWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#kept = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#kept;
  }

  /** The last record read, in which this cell is active. */
  get record(): WitnessRecord | null {
    return this.#record;
  }

  /** When the last read that named this cell was *sent* (performance.now()). */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  async look(): Promise<void> {
    const { witness, epoch, region, log, onOther } = this.#options;
    const sentAt = performance.now();
    try {
      const record = await witness.read();
      if (record.epoch !== epoch || record.activeRegion !== region) {
        // Behind us means that the handover to us is still being written down: no confirmation, and no contradiction.
        if (record.epoch >= epoch)
          onOther(
            `the witness names ${record.activeRegion} in epoch ${record.epoch}, not ${region} in ${epoch}`,
          );
        return;
      }
      this.#record = record;
      this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.warn({ err: error }, "the witness could not be read");
    }
  }

  /** What a change of ours made of the record. */
  changed(record: WitnessRecord, sentAt: number): void {
    this.#record = record;
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look();
      await delay(READ_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
