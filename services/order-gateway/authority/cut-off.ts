import { Duration } from "@castle/regions/duration.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";

const REPEAT_AFTER_MS = 500;
/** How long a word holds. Longer than a gateway that lives keeps silent, and soon over when one has died. */
const HOLDS = Duration.seconds(2);

/**
 * Which gateways of the cell do not reach the peer, told among them through the cell's own database. Nobody calls the
 * cells paired while one of them is cut off: it could acknowledge nothing then, and would ask for solo again.
 */
export class CutOff {
  readonly #db: Knex;
  readonly #instance: string;
  readonly #epoch: Epoch;
  #saidAt: number | null = null;

  constructor(options: { db: Knex; instance: string; epoch: Epoch }) {
    this.#db = options.db;
    this.#instance = options.instance;
    this.#epoch = options.epoch;
  }

  /** Says whether this gateway is cut off; to be called again and again while it is. */
  async say(cutOff: boolean): Promise<void> {
    if (!cutOff) return this.#takeBack();
    if (this.#saidAt !== null && performance.now() - this.#saidAt < REPEAT_AFTER_MS) return;
    this.#saidAt = performance.now();
    await this.#db.raw(
      `insert into cut_off (instance, epoch, at) values (?, ?, clock_timestamp())
       on conflict (instance) do update set epoch = excluded.epoch, at = excluded.at`,
      [this.#instance, this.#epoch],
    );
  }

  /** Who is cut off now, this gateway included. */
  async anybody(): Promise<readonly string[]> {
    const { rows } = await this.#db.raw<{ rows: { instance: string }[] }>(
      `select instance from cut_off
       where epoch = ? and at > clock_timestamp() - make_interval(secs => ?) order by instance`,
      [this.#epoch, HOLDS.ms / 1_000],
    );
    return rows.map(({ instance }) => instance);
  }

  async #takeBack(): Promise<void> {
    if (this.#saidAt === null) return;
    await this.#db.raw("delete from cut_off where instance = ?", [this.#instance]);
    this.#saidAt = null;
  }
}
