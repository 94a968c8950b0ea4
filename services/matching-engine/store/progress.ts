import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";

/** As whom, and in which epoch, the engine writes. */
export interface Holder {
  readonly epoch: Epoch;
  readonly region: RegionName;
}

/**
 * Passes the epoch guard and takes the stream for this transaction: two engines never apply the same command, for the
 * second one waits here and then sees how far the first has come.
 * @returns the seq of the last command applied.
 * @throws SQLSTATE CS001 when the epoch or the region is not the database's; Error when the stream is unknown there.
 */
export async function lockProgress(trx: Knex.Transaction, holder: Holder, stream: StreamId): Promise<Seq> {
  const { rows } = await trx.raw<{ rows: { applied_seq: string }[] }>(
    `select p.applied_seq from castle_guard(?, ?) as guard, progress p where p.stream = ? for update of p`,
    [holder.epoch, holder.region, stream],
  );
  const row = rows[0];
  if (!row)
    throw new Error(
      `stream "${stream}" has no row in progress; bootstrap the cell's database with every symbol of CASTLE_SYMBOLS`,
    );
  return Number(row.applied_seq);
}
