import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";
import knex, { type Knex } from "knex";
import { type Row, type Rows, type TableName, tableNames, tables } from "./rows.ts";

/** Commands of one block: as much as is ever held in memory of a difference. */
export const BLOCK = 100;

export interface LedgerStream {
  readonly stream: StreamId;
  /** The last place that anything is found at. */
  readonly end: Seq;
  readonly applied: Seq;
}

/** Free and locked of one account and asset, and what its postings sum to. Text: integers in the smallest unit. */
export interface BalanceRow {
  readonly account_id: string;
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
  readonly posted_free: string;
  readonly posted_locked: string;
}

export interface LedgerIdentity {
  readonly epoch: number;
  readonly region: string;
  /** The epoch of the latest command that it holds: that in which it wrote last. null when it holds none. */
  readonly wroteIn: number | null;
  readonly reader: boolean;
  /** The same for two connections to one server. */
  readonly server: string;
}

/** A statement that takes longer looks at the wrong thing; the sums over all postings take the longest. */
const SESSION = `set default_transaction_read_only = on; set statement_timeout = '10min'; set lock_timeout = '5s'`;

/** A cell's database in one read-only snapshot: nothing is written, and nothing moves while it is read. */
export class Ledger {
  readonly #pool: Knex;
  readonly #snapshot: Knex.Transaction;

  private constructor(pool: Knex, snapshot: Knex.Transaction) {
    this.#pool = pool;
    this.#snapshot = snapshot;
  }

  /** @param url of which nothing is ever told, since it may hold a password. */
  static async open(url: string): Promise<Ledger> {
    const pool = knex({
      client: "pg",
      connection: {
        connectionString: url,
        application_name: "dr-runbooks reconcile",
        connectionTimeoutMillis: 5_000,
      },
      pool: {
        ...{ min: 0, max: 1 },
        afterCreate: (connection: Session, done: (error: Error | null, connection: Session) => void) =>
          connection.query(SESSION, (error) => done(error, connection)),
      },
      acquireConnectionTimeout: 10_000,
      log: { debug: ignore, deprecate: ignore, error: ignore, warn: ignore },
    });
    try {
      return new Ledger(pool, await pool.transaction({ isolationLevel: "repeatable read", readOnly: true }));
    } catch (error) {
      await pool.destroy();
      throw error;
    }
  }

  async identity(): Promise<LedgerIdentity> {
    const [row] = await this.#rows<{
      epoch: string;
      region: string;
      wrote_in: string | null;
      reader: boolean;
      server: string;
    }>(
      `select epoch, region, pg_is_in_recovery() as reader,
         (select max(c.epoch) from stream s join command c on c.stream = s.name and c.seq = s.last_seq) as wrote_in,
         concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), inet_server_port(), current_database()) as server
       from role`,
    );
    if (!row) throw new Error("the database has no role row: it is no cell's");
    const { epoch, region, wrote_in: wroteIn, reader, server } = row;
    return {
      ...{ epoch: Number(epoch), region, reader, server },
      wroteIn: wroteIn === null ? null : Number(wroteIn),
    };
  }

  /** What keeps the session from writing, and from staying for ever. */
  async settings(): Promise<Readonly<Record<string, string>> | undefined> {
    const [row] = await this.#rows<Record<string, string>>(
      `select current_setting('transaction_read_only') as transaction_read_only,
         current_setting('transaction_isolation') as transaction_isolation,
         current_setting('statement_timeout') as statement_timeout`,
    );
    return row;
  }

  async streams(): Promise<LedgerStream[]> {
    const rows = await this.#rows<{ stream: string; end: string; applied: string }>(
      `select s.name as stream, coalesce(p.applied_seq, 0) as applied, greatest(s.last_seq,
         (select max(seq) from command where stream = s.name), (select max(seq) from outcome where stream = s.name),
         (select max(seq) from posting where stream = s.name),
         (select max(trade_id) / ${MAX_FILLS} from trade where symbol = s.name)) as "end"
       from stream s left join progress p on p.stream = s.name order by s.name`,
    );
    return rows.map((row) => ({
      stream: row.stream,
      end: Number(row.end),
      applied: Number(row.applied),
    }));
  }

  /** A digest of each block of each table, of the places `first` to `last`: by table and block. */
  async digests(stream: StreamId, first: Seq, last: Seq): Promise<Map<string, string>> {
    const parts = tableNames.map((table) => {
      const { columns, key, stream: named, ordered } = tables[table];
      return `select '${table}' as name, (seq - 1) / ${BLOCK} as block,
          md5(string_agg(row(${columns.join(", ")})::text, ' ' order by seq, ${key})) as digest
        from ${table} where ${named} = ? and ${ordered.by} between ? and ? group by 2`;
    });
    const rows = await this.#rows<{ name: string; block: string; digest: string }>(
      parts.join(" union all "),
      tableNames.flatMap((table) => [stream, ...range(table, first, last)]),
    );
    return new Map(rows.map(({ name, block, digest }) => [`${name} ${block}`, digest]));
  }

  /** Every row of the places `first` to `last`. */
  async rows(stream: StreamId, first: Seq, last: Seq): Promise<Rows> {
    const of = (table: TableName): Promise<Row[]> => this.#stretch(table, stream, first, last);
    // One after the other: they share one connection.
    return {
      command: await of("command"),
      outcome: await of("outcome"),
      posting: await of("posting"),
      trade: await of("trade"),
    };
  }

  #stretch(table: TableName, stream: StreamId, first: Seq, last: Seq): Promise<Row[]> {
    const { columns, key, stream: named, ordered } = tables[table];
    const texts = columns.map((column) => `${column}::text as ${column}`);
    return this.#rows<Row>(
      `select ${texts.join(", ")} from ${table} t where ${named} = ? and t.${ordered.by} between ? and ?
       order by t.seq, t.${key}`,
      [stream, ...range(table, first, last)],
    );
  }

  /** Where the given clients' ids stand: at most one place for each. */
  async placesOf(commands: readonly Row[]): Promise<(Row & { readonly stream: string | null })[]> {
    return this.#rows(
      `select c.stream, c.seq::text as seq, c.account_id::text as account_id, c.client_id, c.kind, c.body
       from unnest(?::bigint[], ?::text[], ?::text[]) as asked (account_id, kind, client_id)
       join command c using (account_id, kind, client_id)`,
      [
        commands.map((c) => c.account_id),
        commands.map((c) => c.kind),
        commands.map((c) => c.client_id),
      ] as unknown as string[],
    );
  }

  /** Every balance beside the sum of its postings, by account and asset: in pages, which the server sums up once. */
  async *balances(): AsyncGenerator<BalanceRow> {
    await this.#snapshot.raw(`
      declare balances no scroll cursor for
      with posted as (
        select account_id, asset, coalesce(sum(amount) filter (where bucket = 'free'), 0) as free,
               coalesce(sum(amount) filter (where bucket = 'locked'), 0) as locked
        from posting group by account_id, asset
      )
      select account_id::text as account_id, asset, coalesce(b.free, 0)::text as free,
             coalesce(b.locked, 0)::text as locked, coalesce(p.free, 0)::text as posted_free,
             coalesce(p.locked, 0)::text as posted_locked
      from balance b full join posted p using (account_id, asset)
      order by coalesce(b.account_id, p.account_id), asset collate "C"`);
    for (;;) {
      const page = await this.#rows<BalanceRow>("fetch 1000 from balances");
      if (page.length === 0) return;
      yield* page;
    }
  }

  async close(): Promise<void> {
    await this.#snapshot.rollback().catch(ignore);
    await this.#pool.destroy();
  }

  async #rows<Found>(sql: string, values: readonly (string | number)[] = []): Promise<Found[]> {
    const { rows } = await this.#snapshot.raw<{ rows: Found[] }>(sql, [...values]);
    return rows;
  }
}

interface Session {
  query(sql: string, done: (error: Error | null) => void): void;
}

/** The places of a stream as the table's index orders them. */
function range(table: TableName, first: Seq, last: Seq): [number, number] {
  const { perSeq } = tables[table].ordered;
  return [first * perSeq, last * perSeq + perSeq - 1];
}

const ignore = (): void => undefined;
