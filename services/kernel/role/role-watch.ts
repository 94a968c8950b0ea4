import { EventEmitter } from "node:events";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import type { Knex } from "knex";
import type { Logger } from "../log.ts";

const ACTIVE_EVERY_MS = 100;
/** A standby has less to lose by hearing late, and there is one for every active cell. */
const STANDBY_EVERY_MS = 150;

/** The engine that leads the cell's streams, and where it is reached. */
export interface Lead {
  /** The epoch in which it took the lead. */
  readonly epoch: Epoch;
  readonly generation: number;
  readonly instance: string;
  /** host:port of its line. */
  readonly address: string;
}

/** What the cell's own database says of the cell. */
export type RoleView =
  | { readonly role: "standby"; readonly epoch: Epoch | null; readonly because: string }
  | {
      readonly role: "active";
      readonly epoch: Epoch;
      readonly gate: Gate;
      readonly durability: Mode;
      /** null before any engine has ever led. */
      readonly lead: Lead | null;
    };

export interface RoleWatchOptions {
  readonly db: Knex;
  readonly region: RegionName;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/**
 * Follows the role row of the cell's database. Active means: this database is the writer and its row names this region.
 * That is necessary, not sufficient: the epoch guard decides each write, the journal each acknowledgement.
 */
export class RoleWatch extends EventEmitter<{ change: [next: RoleView, previous: RoleView] }> {
  #view: RoleView = { role: "standby", epoch: null, because: "the database has not been asked yet" };
  readonly #options: RoleWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #looking: Promise<void> | null = null;

  constructor(options: RoleWatchOptions) {
    super();
    this.#options = options;
  }

  get current(): RoleView {
    return this.#view;
  }

  /** Looks once, then keeps looking. Never rejects: a database that cannot be asked makes a standby. */
  async start(): Promise<void> {
    await this.look();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Looks now. Somebody who was refused by the epoch guard calls this instead of waiting for the next look. */
  look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  #schedule(): void {
    if (this.#stopped) return;
    const everyMs = this.#view.role === "active" ? ACTIVE_EVERY_MS : STANDBY_EVERY_MS;
    this.#timer = setTimeout(
      () => void this.look().then(() => this.#schedule()),
      this.#options.intervalMs ?? everyMs,
    );
  }

  async #lookOnce(): Promise<void> {
    const next = await readRole(this.#options.db, this.#options.region).catch(
      (error: Error): RoleView => ({
        role: "standby",
        epoch: this.#view.epoch,
        because: `the cell's database does not answer: ${error.message}`,
      }),
    );
    const previous = this.#view;
    if (this.#stopped || sameView(previous, next)) return;
    this.#view = next;
    this.#options.log.info({ previous, next }, "role changed");
    this.emit("change", next, previous);
  }
}

interface RoleRow {
  readonly reader: boolean;
  readonly epoch: string;
  readonly region: string;
  readonly gate: Gate;
  readonly durability: Mode;
  readonly lead_epoch: string | null;
  readonly generation: string | null;
  readonly instance: string | null;
  readonly address: string | null;
}

async function readRole(db: Knex, region: RegionName): Promise<RoleView> {
  const { rows } = await db.raw<{ rows: RoleRow[] }>(
    `select pg_is_in_recovery() as reader, r.epoch, r.region, r.gate, r.durability, l.epoch as lead_epoch,
       l.generation, l.instance, l.address
     from role r left join lead l on true`,
  );
  const row = rows[0];
  if (!row) return { role: "standby", epoch: null, because: "the cell's database has no role row" };
  const held = epoch(row.epoch);
  if (row.region !== region)
    return { role: "standby", epoch: held, because: `${row.region} is active in epoch ${held}` };
  if (row.reader) return { role: "standby", epoch: held, because: "the cell's database is a reader" };
  return { role: "active", epoch: held, gate: row.gate, durability: row.durability, lead: leadOf(row) };
}

const leadOf = (row: RoleRow): Lead | null =>
  row.lead_epoch === null || row.generation === null || row.instance === null || row.address === null
    ? null
    : {
        epoch: epoch(row.lead_epoch),
        generation: Number(row.generation),
        instance: row.instance,
        address: row.address,
      };

function sameView(a: RoleView, b: RoleView): boolean {
  if (a.role === "active" && b.role === "active")
    return (
      a.epoch === b.epoch &&
      a.gate === b.gate &&
      a.durability === b.durability &&
      a.lead?.generation === b.lead?.generation
    );
  return a.role === b.role && a.epoch === b.epoch;
}
