import { FIRST_ENGINE_LEG } from "@castle/services/kernel/database/postings.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";

/** A row as it is compared: PostgreSQL's own text of each column, in the order of the table's list. */
export type Row = Readonly<Record<string, string | null>>;

export const tableNames = ["command", "outcome", "posting", "trade"] as const;
export type TableName = (typeof tableNames)[number];

interface Table {
  /** Column that names the stream. */
  readonly stream: string;
  /** What tells a command's rows apart. */
  readonly key: string;
  readonly columns: readonly string[];
  /** The column that orders a stream's rows and is indexed, as a multiple of seq. */
  readonly ordered: { readonly by: string; readonly perSeq: number };
}

/** What is compared, of each command: every column. */
export const tables: Readonly<Record<TableName, Table>> = {
  command: {
    stream: "stream",
    key: "seq",
    columns: ["seq", "epoch", "account_id", "client_id", "kind", "accepted_at", "body"],
    ordered: { by: "seq", perSeq: 1 },
  },
  outcome: {
    stream: "stream",
    key: "seq",
    columns: ["seq", "body"],
    ordered: { by: "seq", perSeq: 1 },
  },
  posting: {
    stream: "stream",
    key: "leg",
    columns: ["seq", "leg", "account_id", "asset", "bucket", "amount"],
    ordered: { by: "seq", perSeq: 1 },
  },
  trade: {
    stream: "symbol",
    key: "trade_id",
    columns: [
      ...["seq", "trade_id", "price", "quantity", "quote_quantity", "maker_order_id", "taker_order_id"],
      ...["maker_account_id", "taker_account_id", "buyer_is_maker", "time"],
    ],
    ordered: { by: "trade_id", perSeq: MAX_FILLS },
  },
};

/** The rows of a stretch of one stream. */
export type Rows = Readonly<Record<TableName, readonly Row[]>>;

export const seqOf = (row: Row): number => Number(row.seq);

/** Whether the engine wrote the row, by applying the command; acceptance wrote the others, with the command itself. */
export const byEngine = (table: TableName, row: Row): boolean =>
  table === "outcome" || table === "trade" || (table === "posting" && Number(row.leg) >= FIRST_ENGINE_LEG);

/** Rows of a table by what tells them apart within the stream. */
export const byKey = (table: TableName, rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [`${row.seq} ${row[tables[table].key]}`, row]));

export const sameRow = (table: TableName, a: Row, b: Row): boolean =>
  tables[table].columns.every((column) => a[column] === b[column]);
