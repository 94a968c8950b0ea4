import { epoch } from "@castle/regions/epoch.ts";
import { type Amount, notional, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import type {
  AcceptedCommand,
  AccountId,
  CancelOrder,
  Command,
  PlaceOrder,
  Side,
  TimeInForce,
} from "@castle/services/kernel/domain/command.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";

export const btcusdt = symbolNamed("BTCUSDT");

/** An amount by its decimal text. */
export function amount(text: string): Amount {
  const parsed = parseAmount(text);
  if (parsed === null) throw new Error(`"${text}" is no amount`);
  return parsed;
}

const base = (quantity: Amount) => ({ asset: btcusdt.base, amount: quantity });
const quote = (spent: Amount) => ({ asset: btcusdt.quote, amount: spent });

export function limit(
  side: Side,
  quantity: string,
  price: string,
  timeInForce: TimeInForce = "GTC",
  type: "LIMIT" | "LIMIT_MAKER" = "LIMIT",
): PlaceOrder {
  const [q, p] = [amount(quantity), amount(price)];
  const hold = side === "BUY" ? quote(notional(p, q)) : base(q);
  return { kind: "place", side, type, timeInForce, price: p, quantity: q, quoteBudget: null, hold };
}

export const limitMaker = (side: Side, quantity: string, price: string): PlaceOrder =>
  limit(side, quantity, price, "GTC", "LIMIT_MAKER");

const market = { kind: "place", type: "MARKET", timeInForce: "IOC", price: null } as const;

export function marketBuy(quantity: string | null, budget: string): PlaceOrder {
  const quoteBudget = amount(budget);
  return {
    ...market,
    side: "BUY",
    quantity: quantity === null ? null : amount(quantity),
    quoteBudget,
    hold: quote(quoteBudget),
  };
}

export function marketSell(quantity: string): PlaceOrder {
  return {
    ...market,
    side: "SELL",
    quantity: amount(quantity),
    quoteBudget: null,
    hold: base(amount(quantity)),
  };
}

export const cancel = (orderId: number): CancelOrder => ({
  kind: "cancel",
  orderId,
  origClientOrderId: `c${orderId}`,
});

/** The command at place `seq` of BTCUSDT; its time follows from its place. */
export function accepted(seq: number, accountId: AccountId, command: Command): AcceptedCommand {
  return {
    stream: btcusdt.name,
    seq,
    epoch: epoch(1),
    accountId,
    clientId: command.kind === "cancel" ? `x${seq}` : `c${seq}`,
    acceptedAt: 1_700_000_000_000 + seq,
    command,
  };
}

/** A stream of commands from seq 1 on, each by its account. */
export const streamOf = (...commands: readonly (readonly [AccountId, Command])[]): AcceptedCommand[] =>
  commands.map(([accountId, command], at) => accepted(at + 1, accountId, command));
