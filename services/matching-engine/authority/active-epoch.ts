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
import { JournalBackfill } from "./journal-backfill.ts";
import { ModeKeeper } from "./mode-keeper.ts";
import { PeerJournal } from "./peer-journal.ts";

export interface ActiveEpochOptions {
  readonly config: CellConfig;
  readonly epoch: Epoch;
  /** For the role's own work alone. */
  readonly db: Knex;
  readonly witness: Witness;
  readonly log: Logger;
  /** The role row as last read. */
  readonly row: () => { readonly gate: Gate; readonly durability: Mode };
  /** How far the cell's log has each stream. */
  readonly loggedUpTo: () => Iterable<readonly [stream: StreamId, upTo: Seq]>;
  /** A stream is durable further than before, as the mode demands. */
  readonly onDurable: (stream: StreamId, upTo: Seq) => void;
  /** Another epoch holds the journal, the database or the witness: this engine must stop. Called once. */
  readonly onOver: (because: string) => void;
}

/** One epoch in which this cell is active, as the engine that leads lives it: what may be acknowledged, and until when. */
export class ActiveEpoch {
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly #options: ActiveEpochOptions;
  readonly #marks = new Map<StreamId, Seq>();
  readonly #journal: PeerJournal;
  readonly #watch: WitnessWatch;
  readonly #backfill: JournalBackfill;
  readonly #modes: ModeKeeper;
  #over = false;

  constructor(options: ActiveEpochOptions) {
    const { config, epoch, db, witness, log } = options;
    this.#options = options;
    this.epoch = epoch;
    this.region = config.region;
    const onOver = (because: string): void => this.end(because);
    const onDurable = (stream: StreamId, upTo: Seq): void => this.#advance(stream, upTo);
    this.#journal = new PeerJournal({
      url: config.peerJournalUrl,
      name: config.instance,
      epoch,
      log,
      onMark: onDurable,
      onStale: onOver,
    });
    this.#watch = new WitnessWatch({ witness, epoch, region: config.region, log, onOther: onOver });
    this.#backfill = new JournalBackfill({
      db,
      journal: this.#journal,
      log,
      alone: () => this.#mayAcknowledgeAlone(),
      onDurable,
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
      backfill: this.#backfill,
      log,
      durability: () => options.row().durability,
      onDeposed: onOver,
    });
  }

  start(): void {
    this.#journal.start();
    this.#watch.start();
    this.#backfill.start();
    this.#modes.start();
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all([this.#journal.stop(), this.#watch.stop(), this.#backfill.stop(), this.#modes.stop()]);
  }

  /** The gate, as far as this cell may go by it: closed without a fresh confirmation that the epoch is still ours. */
  get gate(): Gate {
    return this.confirmed ? this.#options.row().gate : "closed";
  }

  /** Whether journal or witness confirmed this epoch within the lease. A process that was frozen has no such thing. */
  get confirmed(): boolean {
    return !this.#over && fresh(Math.max(this.#journal.confirmedAt, this.#watch.confirmedAt));
  }

  /** Every command of the stream up to here may be applied, acknowledged and published. */
  durableUpTo(stream: StreamId): Seq {
    return this.#marks.get(stream) ?? 0;
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

  /** Commands are in the cell's own log: sends them on their way to durability. */
  logged(commands: readonly AcceptedCommand[], durability: Mode): void {
    this.#journal.append(commands);
    // All of them: what another stream was decided in knowledge of must not be applied behind it.
    if (durability === "solo" && this.#mayAcknowledgeAlone())
      for (const [stream, upTo] of this.#options.loggedUpTo()) this.#advance(stream, upTo);
  }

  end(because: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onOver(because);
  }

  #advance(stream: StreamId, upTo: Seq): void {
    if (this.#over || upTo <= this.durableUpTo(stream)) return;
    this.#marks.set(stream, upTo);
    this.#options.onDurable(stream, upTo);
  }

  /** In `solo` no journal fences this cell: only a fresh word of the witness allows an acknowledgement. */
  #mayAcknowledgeAlone(): boolean {
    return !this.#over && this.#watch.record?.mode === "solo" && fresh(this.#watch.confirmedAt);
  }
}

const fresh = (confirmedAt: number): boolean => performance.now() - confirmedAt < LEASE.ms;
