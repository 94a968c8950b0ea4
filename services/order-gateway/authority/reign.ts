import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import { LEASE } from "@castle/regions/witness/lease.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { CellConfig } from "@castle/services/kernel/config.ts";
import type { AcceptedCommand, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { WitnessWatch } from "@castle/services/kernel/role/witness-watch.ts";
import type { Knex } from "knex";
import type { AcceptingReign } from "../acceptance/acceptor.ts";
import { Marks } from "../acceptance/marks.ts";
import { ModeKeeper } from "./mode-keeper.ts";
import { PeerJournal } from "./peer-journal.ts";
import { Sweep } from "./sweep.ts";

export interface ReignOptions {
  readonly config: CellConfig;
  readonly epoch: Epoch;
  readonly db: Knex;
  readonly witness: Witness;
  readonly log: Logger;
  /** The role row as last seen. */
  readonly row: () => { readonly gate: Gate; readonly durability: Mode };
  readonly ring: (stream: StreamId, upTo: Seq) => void;
  /** Another epoch holds the journal, the database or the witness: this gateway must stop. Called once. */
  readonly onDeposed: (because: string) => void;
}

/** One epoch in which this cell is active, as one gateway lives it: from seeing the role row to being deposed. */
export class Reign implements AcceptingReign {
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly marks: Marks;
  readonly #options: ReignOptions;
  readonly #journal: PeerJournal;
  readonly #watch: WitnessWatch;
  readonly #sweep: Sweep;
  readonly #modes: ModeKeeper;
  #over = false;

  constructor(options: ReignOptions) {
    const { config, epoch, db, witness, log } = options;
    this.#options = options;
    this.epoch = epoch;
    this.region = config.region;
    this.marks = new Marks(options.ring);
    const onDeposed = (because: string): void => this.stale(because);
    this.#journal = new PeerJournal({
      url: config.peerJournalUrl,
      name: config.instance,
      epoch,
      log,
      onMark: (stream, mark) => this.marks.advance(stream, mark),
      onStale: onDeposed,
    });
    this.#watch = new WitnessWatch({ witness, epoch, region: config.region, log, onOther: onDeposed });
    this.#sweep = new Sweep({
      db,
      marks: this.marks,
      journal: this.#journal,
      log,
      alone: () => this.#mayAcknowledgeAlone(),
      ring: options.ring,
    });
    this.#modes = new ModeKeeper({
      db,
      region: config.region,
      epoch,
      instance: config.instance,
      soloAfter: config.soloAfter,
      witness,
      watch: this.#watch,
      journal: this.#journal,
      sweep: this.#sweep,
      log,
      durability: () => options.row().durability,
      onDeposed,
    });
  }

  start(): void {
    this.#journal.start();
    this.#watch.start();
    this.#sweep.start();
    this.#modes.start();
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.marks.abandon();
    await Promise.all([this.#journal.stop(), this.#watch.stop(), this.#sweep.stop(), this.#modes.stop()]);
  }

  /** The gate, as far as this gateway may go by it: closed without a fresh confirmation that the epoch is still ours. */
  get gate(): Gate {
    return this.confirmed ? this.#options.row().gate : "closed";
  }

  /** Whether journal or witness confirmed this epoch within the lease. A process that was frozen has no such thing. */
  get confirmed(): boolean {
    return !this.#over && fresh(Math.max(this.#journal.confirmedAt, this.#watch.confirmedAt));
  }

  /** For operators: see /healthz/active. */
  describe(): Record<string, unknown> {
    return {
      epoch: this.epoch,
      gate: this.gate,
      durability: this.#options.row().durability,
      mode: this.#watch.record?.mode ?? null,
      peerJournal: this.#journal.up ? "appending" : "out of reach",
      peerLackingForMs: Math.round(this.#journal.lackingForMs()),
      confirmed: this.confirmed,
    };
  }

  stored(accepted: readonly AcceptedCommand[], durability: Mode): void {
    this.#journal.append(accepted);
    if (durability === "solo" && this.#mayAcknowledgeAlone())
      for (const { stream, seq } of accepted) this.marks.advance(stream, seq);
  }

  stale(because: string): void {
    if (this.#over) return;
    this.#over = true;
    this.marks.abandon();
    this.#options.onDeposed(because);
  }

  /** Whether the stream is durable up to `seq`; asks the journal once more before saying no. */
  async durable(stream: StreamId, seq: Seq): Promise<boolean> {
    if (this.marks.of(stream) >= seq) return true;
    await this.#journal.refresh();
    return this.marks.of(stream) >= seq;
  }

  /** In `solo` no journal fences this cell: only a fresh word of the witness allows an acknowledgement. */
  #mayAcknowledgeAlone(): boolean {
    return !this.#over && this.#watch.record?.mode === "solo" && fresh(this.#watch.confirmedAt);
  }
}

const fresh = (confirmedAt: number): boolean => performance.now() - confirmedAt < LEASE.ms;
