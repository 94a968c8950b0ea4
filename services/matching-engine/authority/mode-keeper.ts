import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Duration } from "@castle/regions/duration.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Mode } from "@castle/regions/role.ts";
import { type WitnessChange, WitnessRefused } from "@castle/regions/witness/record.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import type { WitnessWatch } from "@castle/services/kernel/role/witness-watch.ts";
import type { Knex } from "knex";
import type { JournalBackfill } from "./journal-backfill.ts";
import type { PeerJournal } from "./peer-journal.ts";

const CHECK_EVERY_MS = 100;

export interface ModeKeeperOptions {
  readonly db: Knex;
  readonly region: RegionName;
  readonly epoch: Epoch;
  readonly instance: string;
  readonly soloAfter: Duration;
  readonly witness: Witness;
  readonly watch: WitnessWatch;
  readonly journal: PeerJournal;
  readonly backfill: JournalBackfill;
  readonly log: Logger;
  /** What acknowledgements of this cell wait for, as the role row says. */
  readonly durability: () => Mode;
  readonly onDeposed: (because: string) => void;
}

/**
 * Moves the cell between `paired` and `solo`. Two records say which: the witness's mode, which a handover asks, and the
 * role row's durability, which every acknowledgement obeys. The order of their changes keeps "durability solo ⇒ mode
 * solo" true at every moment, whoever dies in between:
 *
 * - to solo: the witness first, the role row second;
 * - to paired: the gap is backfilled, so that nobody waits long for the next step; then the role row (what is
 *   acknowledged from here on is in both regions); then what was committed up to that; and only then the witness.
 *
 * The cells are not paired before the peer's *database* follows: the journal holds only what that one lacked.
 *
 * An engine and the one that takes over from it take turns at it, by a lock in the database.
 */
export class ModeKeeper {
  readonly #options: ModeKeeperOptions;
  readonly #checks: Recurring;

  constructor(options: ModeKeeperOptions) {
    this.#options = options;
    this.#checks = new Recurring({
      pauseMs: CHECK_EVERY_MS,
      once: () => this.#check(),
      failed: (error) => options.log.warn({ err: error }, "the mode could not be changed"),
    });
  }

  start(): void {
    this.#checks.start();
  }

  stop(): Promise<void> {
    return this.#checks.stop();
  }

  async #check(): Promise<void> {
    const { journal, watch, durability } = this.#options;
    const mode = watch.record?.mode;
    if (mode === undefined) return;
    if (this.#withoutPeer() && (durability() === "paired" || mode === "paired"))
      return this.#inTurn(() => this.#goSolo());
    if (journal.up && (durability() === "solo" || mode === "solo")) return this.#inTurn(() => this.#pair());
  }

  /** Whether the peer's journal could not be reached for the set time, or answered and stored nothing of what it lacks. */
  #withoutPeer(): boolean {
    const { journal, soloAfter } = this.#options;
    if (!journal.up && journal.unreachableForMs() > soloAfter.ms) return true;
    return journal.lackingForMs() > soloAfter.ms;
  }

  /** Holds the cell's turn while `change` runs, so that no two engines move the mode against each other. */
  async #inTurn(change: () => Promise<void>): Promise<void> {
    await this.#options.db.transaction(async (trx) => {
      const { rows } = await trx.raw<{ rows: { mine: boolean }[] }>(
        "select pg_try_advisory_xact_lock(hashtext('castle.mode')) as mine",
      );
      if (rows[0]?.mine) await change();
    });
  }

  async #goSolo(): Promise<void> {
    const { journal, region, epoch, instance, log } = this.#options;
    // The engine before may have brought there what the peer lacked, and this one not have heard of it yet.
    await journal.refresh();
    if (!this.#withoutPeer()) return;
    const lacking = Math.round(journal.lackingForMs());
    log.warn({ epoch, reached: journal.up, lacking }, "the peer takes nothing: asking the witness for solo");
    const given = await this.#ask({ kind: "go-solo", region, epoch, by: this.#by(instance) }, "already-solo");
    if (!given) return;
    await this.#setDurability("solo");
    log.warn({ epoch }, "solo: commands are durable in this region alone");
  }

  async #pair(): Promise<void> {
    const { backfill, journal, region, epoch, instance, log } = this.#options;
    if (!(await backfill.run()) || !(await journal.standbyFollows())) return;
    await this.#setDurability("paired");
    if (!(await backfill.run())) return;
    const given = await this.#ask({ kind: "pair", region, epoch, by: this.#by(instance) }, "already-paired");
    if (given) log.info({ epoch }, "paired: every acknowledged command is durable in both regions");
  }

  /** @returns whether the witness now says what was asked for. */
  async #ask(change: WitnessChange, asGood: WitnessRefused["refusal"]): Promise<boolean> {
    const { witness, watch, onDeposed } = this.#options;
    const sentAt = performance.now();
    try {
      watch.changed(await witness.change(change), sentAt);
      return true;
    } catch (error) {
      if (!(error instanceof WitnessRefused)) throw error;
      if (error.refusal === asGood) {
        watch.changed(error.current, sentAt);
        return true;
      }
      onDeposed(`the witness refused ${change.kind}: ${error.message}`);
      return false;
    }
  }

  async #setDurability(durability: Mode): Promise<void> {
    await this.#options.db.raw("select castle_set_durability(?, ?)", [this.#options.epoch, durability]);
  }

  #by(instance: string): string {
    return `${this.#options.region}/${instance}`;
  }
}
