import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import { idempotencyKeyOf } from "../../kernel/database/command-log.ts";
import type { Amount } from "../../kernel/domain/amount.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Command,
  encodeCommand,
  type PlaceOrder,
  type Seq,
  type StreamId,
  WALLET_STREAM,
} from "../../kernel/domain/command.ts";
import type { Intent, RefusalReason } from "../../kernel/domain/intent.ts";
import { MAX_NUM_ORDERS, type MarketSymbol } from "../../kernel/domain/symbols.ts";
import { neededHold, violation } from "../book/taker.ts";
import type { LiveOrder } from "../state/live-orders.ts";
import { withMarketBudget } from "./market-budget.ts";

/** What is held in memory when an intent is decided. */
export interface Held {
  readonly epoch: Epoch;
  readonly gate: Gate;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** undefined for a stream that this cell does not have. */
  lastSeq(stream: StreamId): Seq | undefined;
  /** undefined for the wallet stream. */
  market(stream: StreamId): MarketSymbol | undefined;
  /** What the account may still put on hold. */
  available(accountId: AccountId, asset: string): Amount;
  liveOrder(stream: StreamId, orderId: number): LiveOrder | undefined;
  liveOrderByClientId(accountId: AccountId, clientOrderId: string): LiveOrder | undefined;
  /** How many orders of the account are sequenced in the stream and not closed. */
  liveOrders(accountId: AccountId, stream: StreamId): number;
  lastPrice(stream: StreamId): Amount | null;
  /** What the same Idempotency-Key, or reference, was answered with before. */
  firstResult(intent: Intent): AcceptedCommand | undefined;
}

export type Decision =
  /** Sequenced now, or before (`repeated`): then this is the first command, unchanged. */
  | { readonly kind: "accepted"; readonly command: AcceptedCommand; readonly repeated: boolean }
  | { readonly kind: "refused"; readonly because: RefusalReason };

/** Decides one intent. Pure: whoever decides the next one must first hold what this one takes. */
export function decide(intent: Intent, held: Held): Decision {
  const first = held.firstResult(intent);
  if (first)
    return isSameRequest(intent, first)
      ? { kind: "accepted", command: first, repeated: true }
      : refused("key-reused");
  if (held.gate === "closed") return refused("closed");
  if (held.gate === "cancel-only" && intent.command.kind === "place") return refused("cancel-only");
  const last = held.lastSeq(intent.stream);
  if (last === undefined) return refused("unknown-stream");
  const command = resolve(intent, held);
  if (typeof command === "string") return refused(command);
  const accepted: AcceptedCommand = {
    stream: intent.stream,
    seq: last + 1,
    epoch: held.epoch,
    accountId: intent.accountId,
    clientId: intent.clientId,
    acceptedAt: held.now,
    command,
  };
  return { kind: "accepted", command: accepted, repeated: false };
}

const refused = (because: RefusalReason): Decision => ({ kind: "refused", because });

/** The command as it will be logged, or why it is none. */
function resolve(intent: Intent, held: Held): Command | RefusalReason {
  const { command, stream } = intent;
  const market = held.market(stream);
  switch (command.kind) {
    case "place":
      return market ? resolvePlace(intent, command, market, held) : "malformed";
    case "cancel":
    case "cancel-by-client-id":
      return market ? resolveCancel(intent, command, held) : "malformed";
    case "deposit":
    case "open-account":
      return stream === WALLET_STREAM ? command : "malformed";
    default:
      return command satisfies never;
  }
}

function resolvePlace(
  { accountId, clientId, stream }: Intent,
  order: PlaceOrder,
  market: MarketSymbol,
  held: Held,
): PlaceOrder | RefusalReason {
  const budgeted = withMarketBudget(order, held.lastPrice(stream));
  if (budgeted === null) return "no-last-price";
  if (violation(market, budgeted, neededHold(budgeted)) !== null) return "malformed";
  if (held.liveOrderByClientId(accountId, clientId)) return "duplicate-order";
  if (mayRest(budgeted) && held.liveOrders(accountId, stream) >= MAX_NUM_ORDERS) return "too-many-orders";
  const { asset, amount } = budgeted.hold;
  return held.available(accountId, asset) < amount ? "insufficient-funds" : budgeted;
}

const mayRest = ({ type, timeInForce }: PlaceOrder): boolean => type !== "MARKET" && timeInForce === "GTC";

/** A cancel of what is closed, or somebody else's, is refused at once: nothing needs to be logged for that. */
function resolveCancel(
  { accountId, stream }: Intent,
  cancel: Extract<Intent["command"], { kind: "cancel" | "cancel-by-client-id" }>,
  held: Held,
): Command | RefusalReason {
  const { origClientOrderId } = cancel;
  const order =
    cancel.kind === "cancel"
      ? held.liveOrder(stream, cancel.orderId)
      : held.liveOrderByClientId(accountId, origClientOrderId);
  if (order?.accountId !== accountId || order.stream !== stream) return "unknown-order";
  if (origClientOrderId !== "" && order.clientOrderId !== origClientOrderId) return "unknown-order";
  const idempotencyKey = idempotencyKeyOf(cancel);
  return {
    kind: "cancel",
    orderId: order.orderId,
    origClientOrderId,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** Whether the same was asked for as the first time. */
function isSameRequest({ stream, command }: Intent, first: AcceptedCommand): boolean {
  const before = first.command;
  if (first.stream !== stream) return false;
  switch (command.kind) {
    case "cancel-by-client-id":
      return before.kind === "cancel" && before.origClientOrderId === command.origClientOrderId;
    case "cancel":
      return before.kind === "cancel" && before.orderId === command.orderId;
    // A secret sealed twice differs in its nonce, and a market order's hold moves with the market: neither is asked for.
    case "open-account":
      return before.kind === "open-account" && before.apiKey === command.apiKey;
    case "place":
      return before.kind === "place" && terms(command) === terms(before);
    case "deposit":
      return encodeCommand(command) === encodeCommand(before);
    default:
      return command satisfies never;
  }
}

const terms = ({ side, type, timeInForce, price, quantity, quoteBudget }: PlaceOrder): string =>
  [side, type, timeInForce, price, quantity, quantity === null ? quoteBudget : ""].join();
