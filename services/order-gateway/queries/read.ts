import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { sqlStateOf } from "../../kernel/database/connect.ts";
import type { AccountId } from "../../kernel/domain/command.ts";
import { apiError } from "../../kernel/http/errors.ts";
import type { Parameters } from "../../kernel/http/parameters.ts";
import { accountOf, parametersOf } from "../../kernel/http/received.ts";
import { reply } from "../../kernel/http/reply.ts";

/** A GET that anyone may send: answers with what `read` makes of the parameters. */
export const publicRead =
  (read: (parameters: Parameters) => unknown): RequestHandler =>
  async (_request, response) => {
    reply(response, await read(parametersOf(response)));
  };

/** A call about the account that authentication found. */
export const accountRead =
  (read: (account: AccountId, parameters: Parameters) => unknown): RequestHandler =>
  async (_request, response) => {
    reply(response, await read(accountOf(response), parametersOf(response)));
  };

/** SQLSTATE classes that say the statement itself is wrong: a defect of ours, which another cell would not heal. */
const OUR_FAULT = /^(22|23|42)/;

/**
 * One statement, hence one snapshot. @param bindings named, as `:name` in the text.
 * @throws ApiError -1001 when the cell's database does not answer: nothing was executed, another try may succeed.
 */
export async function select<Row>(
  db: Knex,
  sql: string,
  bindings: Readonly<Record<string, Knex.RawBinding>>,
): Promise<Row[]> {
  try {
    const { rows } = await db.raw<{ rows: Row[] }>(sql, bindings);
    return rows;
  } catch (error) {
    if (OUR_FAULT.test(sqlStateOf(error) ?? "")) throw error;
    throw apiError.notAccepting("the cell's database does not answer", error);
  }
}
