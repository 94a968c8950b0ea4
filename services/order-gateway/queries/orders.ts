import type { RequestHandler } from "express";
import type { Knex } from "knex";
import type { AccountId } from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { EngineAnswers, OrderSnapshot } from "../../kernel/engine-line/messages.ts";
import { apiError } from "../../kernel/http/errors.ts";
import type { Parameters } from "../../kernel/http/parameters.ts";
import type { EngineRequests } from "../engine/engine-requests.ts";
import { type FoundOrderRow, ORDER_COLUMNS, quoteBudgetOf, rowState } from "./order-rows.ts";
import { type OrderState, orderView, snapshotState } from "./order-view.ts";
import { accountRead, select } from "./read.ts";

export interface QueryOrderOptions {
  readonly db: Knex;
  readonly engine: EngineRequests;
  readonly markets: readonly MarketSymbol[];
}

/** The command is asked for what the order's row does not have: the budget of a MARKET buy. */
const find = (condition: string): string => `
select ${ORDER_COLUMNS}, c.body
from orders o join command c on c.stream = o.symbol and c.seq = o.order_id
where o.symbol = :symbol and o.account_id = :account and ${condition}`;

const BY_ORDER_ID = find("o.order_id = :orderId");
/** Of several that had the name one after the other, the newest. */
const BY_CLIENT_ID = `${find("o.client_order_id = :clientId")} order by o.order_id desc limit 1`;

/**
 * GET /api/v3/order, by `orderId` or `origClientOrderId`. Tells only what is durable: an order that is sequenced and may
 * still be lost with this cell is "unknown" (503, -1006), never "exists" and never "does not exist".
 */
export const queryOrder = (options: QueryOrderOptions): RequestHandler =>
  accountRead(async (account, parameters) => {
    const state = await findOrder(options, account, parameters);
    if (!state) throw apiError.noSuchOrder();
    return orderView(state);
  });

/** The engine first, then the database: what is projected in between is found in the second. */
async function findOrder(
  { db, engine, markets }: QueryOrderOptions,
  account: AccountId,
  parameters: Parameters,
): Promise<OrderState | null> {
  const symbol = parameters.symbol(markets).name;
  const orderId = parameters.optionalInteger("orderId");
  const clientId = parameters.optionalClientId("origClientOrderId");
  const asked = { stream: symbol, accountId: account };
  if (orderId !== undefined) {
    const state =
      fromMemory(await engine.query({ kind: "order", ...asked, orderId })) ??
      (await fromDatabase(db, BY_ORDER_ID, { symbol, account, orderId }));
    if (state && clientId !== undefined && state.clientOrderId !== clientId)
      throw apiError.clientOrderIdMismatch();
    return state;
  }
  if (clientId === undefined) throw apiError.neitherSent("orderId", "origClientOrderId");
  return (
    fromMemory(await engine.query({ kind: "order-by-client-id", ...asked, clientOrderId: clientId })) ??
    (await fromDatabase(db, BY_CLIENT_ID, { symbol, account, clientId }))
  );
}

function fromMemory(answer: EngineAnswers["order"]): OrderState | null {
  if (answer === null) return null;
  if ("pending" in answer) throw apiError.executionUnknown();
  return snapshotState(answer);
}

async function fromDatabase(
  db: Knex,
  sql: string,
  bindings: Readonly<Record<string, string | number>>,
): Promise<OrderState | null> {
  const [row] = await select<FoundOrderRow>(db, sql, bindings);
  return row ? rowState(row, quoteBudgetOf(row)) : null;
}

/** GET /api/v3/openOrders, of one symbol or of all, from the engine's memory. */
export const openOrders = (options: {
  engine: EngineRequests;
  markets: readonly MarketSymbol[];
}): RequestHandler =>
  accountRead(async (accountId, parameters) => {
    const stream = parameters.optionalSymbol(options.markets)?.name ?? null;
    const orders: readonly OrderSnapshot[] = await options.engine.query({
      ...{ kind: "open-orders", stream, accountId },
    });
    return orders.map((order) => orderView(snapshotState(order)));
  });
