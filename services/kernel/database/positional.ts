import type { Knex } from "knex";

/**
 * Runs a text written with PostgreSQL's own `$1, $2, …` through Knex, which knows only `?`: so that one text serves
 * pool and pipeline alike. Each parameter must appear once, in order.
 */
export async function positional<Row>(db: Knex, sql: string, values: readonly unknown[]): Promise<Row[]> {
  let seen = 0;
  const questioned = sql.replace(/\$(\d+)/g, (_match, place: string) => {
    seen += 1;
    if (Number(place) !== seen) throw new Error(`parameter $${place} of a statement stands out of order`);
    return "?";
  });
  const { rows } = await db.raw<{ rows: Row[] }>(questioned, values as Knex.RawBinding[]);
  return rows;
}
