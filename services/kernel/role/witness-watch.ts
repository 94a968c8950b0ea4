import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";

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
  readonly #looks: Recurring;
  #record: WitnessRecord | null = null;
  #confirmedAt = Number.NEGATIVE_INFINITY;

  constructor(options: WitnessWatchOptions) {
    this.#options = options;
    this.#looks = new Recurring({
      pauseMs: READ_EVERY_MS,
      once: () => this.#look(),
      failed: (error) => options.log.warn({ err: error }, "the witness could not be read"),
    });
  }

  start(): void {
    this.#looks.start();
  }

  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** The last record read, in which this cell is active. */
  get record(): WitnessRecord | null {
    return this.#record;
  }

  /** When the last read that named this cell was *sent* (performance.now()). */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** The record as it stands, by a read or a change of ours that was sent then: it names this cell. */
  changed(record: WitnessRecord, sentAt: number): void {
    this.#record = record;
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
  }

  async #look(): Promise<void> {
    const { witness, epoch, region, onOther } = this.#options;
    const sentAt = performance.now();
    const record = await witness.read();
    if (record.epoch === epoch && record.activeRegion === region) return this.changed(record, sentAt);
    // Behind us means that the handover to us is still being written down: no confirmation, and no contradiction.
    if (record.epoch >= epoch)
      onOther(`the witness names ${record.activeRegion} in epoch ${record.epoch}, not ${region} in ${epoch}`);
  }
}
