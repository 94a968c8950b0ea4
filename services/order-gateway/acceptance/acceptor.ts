import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Mode } from "@castle/regions/role.ts";
import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import { PipelinedConnection } from "@castle/services/kernel/database/pipelined.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import client from "prom-client";
import type { Intent, Verdict } from "./decide.ts";
import { storeBatch } from "./store.ts";

/** The epoch in which this gateway accepts, as far as acceptance needs to know it. */
export interface AcceptingReign {
  readonly epoch: Epoch;
  readonly region: RegionName;
  /** A batch was committed: send it on its way to durability. */
  stored(accepted: readonly AcceptedCommand[], durability: Mode): void;
  /** The database said that the epoch is over. */
  stale(because: string): void;
}

/** What came of an intent in the database. `unknown`: it may or may not have been sequenced. */
export type Stored = Verdict | { readonly kind: "unknown"; readonly because: string };

interface Waiting {
  readonly intent: Intent;
  readonly reign: AcceptingReign;
  readonly settle: (stored: Stored) => void;
}

const GATHER_MS = 2;
const MAX_BATCH = 256;
const MAX_WAITING = 5_000;

const batchSize = new client.Histogram({
  name: "castle_acceptance_batch_size",
  help: "Intents per acceptance transaction",
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
});
const batchSeconds = new client.Histogram({
  name: "castle_acceptance_seconds",
  help: "Duration of an acceptance transaction",
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5],
});

/** Gathers intents for about 2 ms and stores them in one transaction; the next batch gathers meanwhile. */
export class Acceptor {
  readonly #url: string;
  readonly #name: string;
  readonly #log: Logger;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #storing = false;
  #connection: PipelinedConnection | null = null;

  constructor(options: { databaseUrl: string; name: string; log: Logger }) {
    this.#url = options.databaseUrl;
    this.#name = options.name;
    this.#log = options.log;
  }

  /** Never rejects. Null when too much waits already: then the intent was not taken at all. */
  store(intent: Intent, reign: AcceptingReign): Promise<Stored> | null {
    if (this.#waiting.length >= MAX_WAITING) return null;
    return new Promise((settle) => {
      this.#waiting.push({ intent, reign, settle });
      this.#schedule();
    });
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  #schedule(): void {
    if (this.#storing || this.#timer || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#flush();
    }, GATHER_MS);
  }

  async #flush(): Promise<void> {
    const reign = this.#waiting[0]?.reign;
    if (!reign) return;
    // A batch belongs to one epoch; after a change of role the rest follows in the next.
    const end = this.#waiting.findIndex((waiting) => waiting.reign !== reign);
    const batch = this.#waiting.splice(0, Math.min(MAX_BATCH, end === -1 ? MAX_BATCH : end));
    this.#storing = true;
    try {
      const stored = await this.#store(reign, batch);
      batch.forEach((waiting, index) => {
        waiting.settle(stored[index] ?? { kind: "unknown", because: "the batch has no verdict for it" });
      });
    } finally {
      this.#storing = false;
      this.#schedule();
    }
  }

  async #store(reign: AcceptingReign, batch: readonly Waiting[]): Promise<readonly Stored[]> {
    const all = (stored: Stored): readonly Stored[] => batch.map(() => stored);
    let connection: PipelinedConnection;
    try {
      connection = await this.#open();
    } catch (error) {
      this.#log.warn({ err: error }, "the cell's database cannot be reached");
      return all({ kind: "refused", because: "closed" });
    }
    const done = batchSeconds.startTimer();
    try {
      const stored = await storeBatch(
        connection,
        reign,
        batch.map((waiting) => waiting.intent),
      );
      batchSize.observe(batch.length);
      reign.stored(stored.accepted, stored.durability);
      return stored.verdicts;
    } catch (error) {
      if (isStaleEpoch(error)) {
        reign.stale(`the cell's database refused: ${(error as Error).message}`);
        return all({ kind: "refused", because: "closed" });
      }
      this.#log.error({ err: error }, "a batch could not be stored");
      return all({ kind: "unknown", because: "the cell's database did not answer" });
    } finally {
      done();
    }
  }

  async #open(): Promise<PipelinedConnection> {
    if (this.#connection && !this.#connection.lost) return this.#connection;
    this.#connection = await PipelinedConnection.open(this.#url, {
      name: `${this.#name} acceptance`,
      onLost: (error) => this.#log.warn({ err: error }, "the connection to the cell's database was lost"),
    });
    return this.#connection;
  }
}
