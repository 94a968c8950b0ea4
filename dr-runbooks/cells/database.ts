import type { RegionName } from "@castle/regions/catalogue.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";

/** What a cell's database says of the active role, and of itself. */
export interface DatabaseRole {
  /** The writer of the two databases, or the reader that follows it. */
  readonly writer: boolean;
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly gate: Gate;
  readonly durability: Mode;
}

/** How far a stream has come: the last command accepted, and the last one the engine has applied. */
export interface StreamProgress {
  readonly stream: StreamId;
  readonly lastSeq: Seq;
  readonly appliedSeq: Seq;
}

interface RoleRow {
  readonly reader: boolean;
  readonly epoch: string;
  readonly region: RegionName;
  readonly gate: Gate;
  readonly durability: Mode;
}

/** A cell's database as runbooks use it. What the functions behind it guarantee stands with the migrations. */
export class CellDatabase {
  readonly knex: Knex;

  constructor(knex: Knex) {
    this.knex = knex;
  }

  async role(): Promise<DatabaseRole> {
    const row = await this.#one<RoleRow>(
      "select pg_is_in_recovery() as reader, epoch, region, gate, durability from role",
    );
    if (!row) throw new Error("the database has no role row: it was never bootstrapped");
    return {
      writer: !row.reader,
      epoch: epoch(row.epoch),
      region: row.region,
      gate: row.gate,
      durability: row.durability,
    };
  }

  async isWriter(): Promise<boolean> {
    const row = await this.#one<{ reader: boolean }>("select pg_is_in_recovery() as reader");
    return row?.reader === false;
  }

  /** Commits a write that changes nothing: what a database says of itself is not yet a commit. */
  async canaryWrite(): Promise<void> {
    await this.knex.raw("update role set gate = gate");
  }

  /** @throws CS001 when the database is past that epoch. */
  async raiseEpoch(to: Epoch, region: RegionName): Promise<void> {
    await this.knex.raw("select castle_raise_epoch(?, ?)", [to, region]);
  }

  /** @throws CS001 when another epoch holds the database. */
  async setGate(of: Epoch, gate: Gate): Promise<void> {
    await this.knex.raw("select castle_set_gate(?, ?)", [of, gate]);
  }

  /** Every stream, by name. */
  async streams(): Promise<StreamProgress[]> {
    const { rows } = await this.knex.raw<{
      rows: { stream: string; last_seq: string; applied_seq: string | null }[];
    }>(
      "select s.name as stream, s.last_seq, p.applied_seq from stream s left join progress p on p.stream = s.name order by s.name",
    );
    return rows.map((row) => ({
      stream: row.stream,
      lastSeq: Number(row.last_seq),
      appliedSeq: Number(row.applied_seq ?? 0),
    }));
  }

  async #one<Row>(sql: string): Promise<Row | undefined> {
    const { rows } = await this.knex.raw<{ rows: Row[] }>(sql);
    return rows[0];
  }
}
