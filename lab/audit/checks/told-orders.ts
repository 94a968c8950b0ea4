import type { ToldOrder } from "../../traders/records.ts";
import { type ExpectedOrder, stateText } from "../expected.ts";
import type { Findings } from "../findings.ts";
import { isOpenStatus, type StandingOrder } from "../standing.ts";
import { units } from "../units.ts";

/** An order as it stands, and the states that the replay says it passed through. */
export interface OrderTruth {
  readonly standing: StandingOrder;
  readonly expected: ExpectedOrder | undefined;
}

/** Every order state told is one that the order was in, and does not contradict the state it ended in. */
export function checkToldOrders(
  told: Iterable<ToldOrder>,
  find: (symbol: string, orderId: number) => OrderTruth | undefined,
  findings: Findings,
): void {
  findings.checked("order states told", 0);
  for (const order of told) {
    findings.checked("order states told", 1);
    const truth = find(order.symbol, order.orderId);
    const because = truth ? contradiction(order, truth) : "no such order stands";
    if (because !== null)
      findings.add(
        "contradicted",
        `account ${order.accountId} was told (${order.source}) that ${order.symbol} order ${order.orderId} is ${order.status}, executed ${order.executedQty}: ${because}`,
      );
  }
}

function contradiction(told: ToldOrder, { standing, expected }: OrderTruth): string | null {
  const executed = units(told.executedQty);
  const state = {
    status: told.status,
    executedQty: executed,
    cummulativeQuoteQty: units(told.cummulativeQuoteQty),
  };
  if (told.accountId !== standing.accountId) return `it is account ${standing.accountId}'s`;
  if (told.clientOrderId !== standing.clientOrderId)
    return `told as "${told.clientOrderId}", it stands as "${standing.clientOrderId}"`;
  if (told.side !== standing.side) return `told as ${told.side}, it is a ${standing.side}`;
  if (units(told.price) !== standing.price)
    return `told at ${told.price}, it stands at ${standing.price} units`;
  // A market order by quote quantity asks for no quantity, and is told what it has got so far.
  if (standing.type !== "MARKET" && units(told.origQty) !== standing.origQty)
    return `told as an order for ${told.origQty}, it is for ${standing.origQty} units`;
  if (BigInt(executed) > BigInt(standing.executedQty))
    return `more than the ${standing.executedQty} units that stand as executed`;
  const changedAfterEnd =
    !isOpenStatus(told.status) && stateText(state) !== stateText(standing)
      ? `it was over, and stands as ${stateText(standing)}`
      : null;
  if (changedAfterEnd !== null) return changedAfterEnd;
  if (expected && !expected.states.has(stateText(state))) return "it never was in that state";
  return null;
}
