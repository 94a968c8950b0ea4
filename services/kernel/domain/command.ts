import type { Epoch } from "@castle/regions/epoch.ts";
import type { Amount } from "./amount.ts";

/** An ordered sequence of commands: one per symbol (`"BTCUSDT"`), and one for wallets (`"wallet"`). */
export type StreamId = string;
export const WALLET_STREAM: StreamId = "wallet";

/** The position of a command in its stream: 1, 2, 3 … without a gap. */
export type Seq = number;

export type AccountId = number;
/** The far side of deposits: what came from outside. The one account whose balance may be below zero. */
export const EXTERNAL_ACCOUNT: AccountId = 0;

export type Side = "BUY" | "SELL";
export type OrderType = "LIMIT" | "MARKET" | "LIMIT_MAKER";
export type TimeInForce = "GTC" | "IOC" | "FOK";

/** A command whose sender may have named it, to repeat it without harm. */
export interface IdempotentCommand {
  /** `Idempotency-Key` of the request: within 24 hours the same key gets the first result. */
  readonly idempotencyKey?: string;
}

export interface PlaceOrder extends IdempotentCommand {
  readonly kind: "place";
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** null for MARKET. */
  readonly price: Amount | null;
  /** In the base asset; null for a MARKET buy by quote quantity. */
  readonly quantity: Amount | null;
  /** The most of the quote asset a MARKET buy may spend; null for everything else. */
  readonly quoteBudget: Amount | null;
  /** What the order may cost at most, and moves from free to locked when it is applied. */
  readonly hold: { readonly asset: string; readonly amount: Amount };
}

export interface CancelOrder extends IdempotentCommand {
  readonly kind: "cancel";
  readonly orderId: number;
  /** The order's own client id, as the cancel named it; empty when it named the order by number. */
  readonly origClientOrderId: string;
}

export interface Deposit {
  readonly kind: "deposit";
  readonly asset: string;
  readonly amount: Amount;
}

export interface OpenAccount {
  readonly kind: "open-account";
  readonly apiKey: string;
  /** The HMAC secret, sealed (see kernel/seal.ts): never in the clear in a database, a journal or a log. */
  readonly sealedSecret: string;
}

export type Command = PlaceOrder | CancelOrder | Deposit | OpenAccount;

/** A command at its place in its stream. For an order, `seq` is the order id. */
export interface AcceptedCommand<C extends Command = Command> {
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly epoch: Epoch;
  readonly accountId: AccountId;
  /** Of an order: unique among the account's open orders. Of a deposit, its reference: unique for ever. */
  readonly clientId: string;
  /** Milliseconds since 1970; the only clock the engine sees. */
  readonly acceptedAt: number;
  readonly command: C;
}

/** Canonical text of a command, as database and journal store it: same command, same bytes. Amounts are strings. */
export function encodeCommand(command: Command): string {
  switch (command.kind) {
    case "place":
      return JSON.stringify({
        kind: command.kind,
        side: command.side,
        type: command.type,
        timeInForce: command.timeInForce,
        price: text(command.price),
        quantity: text(command.quantity),
        quoteBudget: text(command.quoteBudget),
        hold: { asset: command.hold.asset, amount: command.hold.amount.toString() },
        idempotencyKey: command.idempotencyKey,
      });
    case "cancel":
      return JSON.stringify({
        kind: command.kind,
        orderId: command.orderId,
        origClientOrderId: command.origClientOrderId,
        idempotencyKey: command.idempotencyKey,
      });
    case "deposit":
      return JSON.stringify({
        kind: command.kind,
        asset: command.asset,
        amount: command.amount.toString(),
      });
    case "open-account":
      return JSON.stringify({
        kind: command.kind,
        apiKey: command.apiKey,
        sealedSecret: command.sealedSecret,
      });
    default:
      return command satisfies never;
  }
}

/** The reverse of {@link encodeCommand}. Reads only what Castle itself wrote. */
export function decodeCommand(body: string): Command {
  const raw = JSON.parse(body);
  switch (raw.kind) {
    case "place":
      return {
        ...raw,
        price: big(raw.price),
        quantity: big(raw.quantity),
        quoteBudget: big(raw.quoteBudget),
        hold: { asset: raw.hold.asset, amount: BigInt(raw.hold.amount) },
      };
    case "deposit":
      return { ...raw, amount: BigInt(raw.amount) };
    case "cancel":
    case "open-account":
      return raw;
    default:
      throw new Error(`a stored command has the unknown kind "${raw.kind}"`);
  }
}

const text = (amount: Amount | null): string | null => (amount === null ? null : amount.toString());
const big = (value: string | null): Amount | null => (value === null ? null : BigInt(value));
