import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { decodeRow } from "../../kernel/database/command-log.ts";
import type {
  AcceptedCommand,
  AccountId,
  Command,
  PlaceOrder,
  Seq,
  StreamId,
} from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { apiError } from "../../kernel/http/errors.ts";
import type { Parameters } from "../../kernel/http/parameters.ts";
import { ORDER_COLUMNS, type OrderRow, rowState } from "./order-rows.ts";
import { acceptedState, type OrderState, orderView, reportedState } from "./order-view.ts";
import { accountRead, select } from "./read.ts";

export interface QueryOrderOptions {
  readonly db: Knex;
  readonly markets: readonly MarketSymbol[];
  /** Whether the stream is durable up to `seq`, as the mode demands. May ask the journal once more before saying no. */
  readonly durable: (stream: StreamId, seq: Seq) => boolean | Promise<boolean>;
}

/** The command that placed the order, and the order's row: all null until the engine has applied it. */
type FoundRow = { [column in keyof OrderRow]: OrderRow[column] | null } & {
  readonly stream: string;
  readonly seq: string;
  readonly epoch: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly kind: string;
  readonly accepted_at: string;
  readonly body: string;
  readonly applied_seq: string;
  readonly outcome: string | null;
};

const find = (condition: string): string => `
select c.stream, c.seq, c.epoch, c.account_id, c.client_id, c.kind, c.accepted_at, c.body, p.applied_seq,
  ${ORDER_COLUMNS},
  case when o.order_id is null then
    (select u.body from outcome u where u.stream = c.stream and u.seq = c.seq)
  end as outcome
from command c
join progress p on p.stream = c.stream
left join orders o on o.symbol = c.stream and o.order_id = c.seq
where c.stream = :symbol and c.account_id = :account and c.kind = 'place' and ${condition}`;

const BY_ORDER_ID = find("c.seq = :orderId");
const BY_CLIENT_ID = find("c.client_id = :clientId");

/**
 * GET /api/v3/order, by `orderId` or `origClientOrderId`. Tells only what is durable: an order that was stored and may
 * still be lost with this cell is "unknown" (503, -1006), never "exists" and never "does not exist".
 */
export const queryOrder = (options: QueryOrderOptions): RequestHandler =>
  accountRead(async (account, parameters) => {
    const found = await findOrder(options, account, parameters);
    if (!found) throw apiError.noSuchOrder();
    const accepted = decodeRow(found);
    if (!isPlace(accepted))
      throw new Error(`command ${found.seq} of ${found.stream} has the kind place and is none`);
    // The engine applies nothing beyond the journal's mark, so what it has applied needs no further question.
    const applied = Number(found.applied_seq) >= accepted.seq;
    if (!applied && !(await options.durable(accepted.stream, accepted.seq)))
      throw apiError.executionUnknown();
    const state = applied ? appliedState(found, accepted) : acceptedState(accepted);
    if (!state) throw apiError.noSuchOrder();
    return orderView(state);
  });

async function findOrder(
  { db, markets }: QueryOrderOptions,
  account: AccountId,
  parameters: Parameters,
): Promise<FoundRow | undefined> {
  const symbol = parameters.symbol(markets).name;
  const orderId = parameters.optionalInteger("orderId");
  const clientId = parameters.optionalClientId("origClientOrderId");
  if (orderId !== undefined) {
    const [row] = await select<FoundRow>(db, BY_ORDER_ID, { symbol, account, orderId });
    if (row && clientId !== undefined && row.client_id !== clientId) throw apiError.clientOrderIdMismatch();
    return row;
  }
  if (clientId === undefined) throw apiError.neitherSent("origClientOrderId", "orderId");
  const [row] = await select<FoundRow>(db, BY_CLIENT_ID, { symbol, account, clientId });
  return row;
}

/** An applied order's row; one that never entered the book may have only its outcome to show. */
function appliedState(found: FoundRow, accepted: AcceptedCommand<PlaceOrder>): OrderState | null {
  const { quoteBudget } = accepted.command;
  if (isWhole(found)) return rowState(found, quoteBudget);
  const outcome = found.outcome === null ? null : (JSON.parse(found.outcome) as Outcome);
  const last = outcome?.reports.findLast((report) => report.orderId === accepted.seq);
  return outcome && last ? reportedState(last, outcome.time, quoteBudget) : null;
}

const isWhole = (row: FoundRow): row is FoundRow & OrderRow => row.order_id !== null;
const isPlace = (accepted: AcceptedCommand<Command>): accepted is AcceptedCommand<PlaceOrder> =>
  accepted.command.kind === "place";

const OPEN = `select ${ORDER_COLUMNS} from orders o
where o.account_id = :account and o.status in ('NEW', 'PARTIALLY_FILLED')
  and (cast(:symbol as text) is null or o.symbol = :symbol)
order by o.symbol, o.order_id`;

/** GET /api/v3/openOrders, of one symbol or of all. */
export const openOrders = (options: { db: Knex; markets: readonly MarketSymbol[] }): RequestHandler =>
  accountRead(async (account, parameters) => {
    const symbol = parameters.optionalSymbol(options.markets)?.name ?? null;
    const rows = await select<OrderRow>(options.db, OPEN, { account, symbol });
    return rows.map((row) => orderView(rowState(row, null)));
  });
