import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import type { AccountId, Seq, Side, StreamId } from "../domain/command.ts";
import type { RefusalReason } from "../domain/intent.ts";
import type { OrderStatus, Trade } from "../domain/outcome.ts";

/**
 * What order gateways and market-data say to the matching engine over their line, and it to them: one JSON object a
 * message. Amounts are integer strings in the smallest unit.
 */
export type ToEngine =
  | {
      readonly type: "intent";
      readonly id: number;
      readonly stream: StreamId;
      readonly accountId: AccountId;
      readonly clientId: string;
      /** See encodeIntentCommand(). */
      readonly command: string;
      /** Whether the outcome is wanted with the result. */
      readonly outcome: boolean;
    }
  | { readonly type: "query"; readonly id: number; readonly query: EngineQuery }
  /** Every outcome from now on; `positions` are the last ones that the subscriber has, null when it begins. */
  | { readonly type: "subscribe"; readonly positions: Readonly<Record<StreamId, Seq>> | null };

export type EngineQuery =
  | {
      readonly kind: "order";
      readonly stream: StreamId;
      readonly accountId: AccountId;
      readonly orderId: number;
    }
  | {
      readonly kind: "order-by-client-id";
      readonly stream: StreamId;
      readonly accountId: AccountId;
      readonly clientOrderId: string;
    }
  | { readonly kind: "open-orders"; readonly stream: StreamId | null; readonly accountId: AccountId }
  | { readonly kind: "balances"; readonly accountId: AccountId }
  | { readonly kind: "trades"; readonly stream: StreamId; readonly accountId: AccountId }
  | { readonly kind: "depth"; readonly stream: StreamId; readonly limit: number }
  | { readonly kind: "api-key"; readonly apiKey: string };

export interface EngineAnswers {
  /** null: not in memory, so in the projection if anywhere. */
  order: OrderAnswer | null;
  "order-by-client-id": OrderAnswer | null;
  "open-orders": readonly OrderSnapshot[];
  balances: readonly { readonly asset: string; readonly free: string; readonly locked: string }[];
  /** Those that are not in the projection yet, oldest first. */
  trades: readonly { readonly trade: Trade; readonly time: number }[];
  depth: {
    readonly lastUpdateId: Seq;
    readonly bids: readonly (readonly [price: string, quantity: string])[];
    readonly asks: readonly (readonly [price: string, quantity: string])[];
  };
  "api-key": { readonly accountId: AccountId; readonly sealedSecret: string } | null;
}

/** `pending`: sequenced, and not durable yet, so that nobody can say whether it stands. */
export type OrderAnswer = OrderSnapshot | { readonly pending: true };

/** An order as of the commands applied. */
export interface OrderSnapshot {
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: "LIMIT" | "MARKET" | "LIMIT_MAKER";
  readonly timeInForce: "GTC" | "IOC" | "FOK";
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly status: OrderStatus;
  /** What a MARKET buy by quote quantity may spend; null for every other order. */
  readonly quoteBudget: string | null;
  readonly time: number;
  readonly updateTime: number;
}

/** Where the engine stands: sent on every change, and several times a second. */
export type EngineStatus =
  | {
      readonly leading: true;
      readonly epoch: Epoch;
      readonly generation: number;
      /** Closed without a fresh confirmation that the epoch is still this cell's. */
      readonly gate: Gate;
      readonly durability: Mode;
      readonly confirmed: boolean;
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | { readonly leading: false; readonly because: string };

export type FromEngine =
  | { readonly type: "status"; readonly status: EngineStatus }
  | {
      readonly type: "accepted";
      readonly id: number;
      readonly seq: Seq;
      readonly acceptedAt: number;
      readonly repeated: boolean;
      /** An Outcome; null when nobody wanted it, or when it is in the projection already. */
      readonly outcome: unknown;
    }
  | { readonly type: "refused"; readonly id: number; readonly because: RefusalReason }
  | { readonly type: "unknown"; readonly id: number; readonly because: string }
  | { readonly type: "answer"; readonly id: number; readonly answer: unknown }
  /** The answer to "subscribe": outcomes behind these follow; what is before them is in the projection. */
  | { readonly type: "positions"; readonly positions: Readonly<Record<StreamId, Seq>> }
  | { readonly type: "outcomes"; readonly outcomes: readonly unknown[] };

/** Written by hand around an outcome that is JSON already. */
export const acceptedMessage = (
  id: number,
  seq: Seq,
  acceptedAt: number,
  repeated: boolean,
  outcome: string | null,
): string =>
  `{"type":"accepted","id":${id},"seq":${seq},"acceptedAt":${acceptedAt},"repeated":${repeated},"outcome":${outcome}}`;

export const outcomesMessage = (outcomes: readonly string[]): string =>
  `{"type":"outcomes","outcomes":[${outcomes.join(",")}]}`;
