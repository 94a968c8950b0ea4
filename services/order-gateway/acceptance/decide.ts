import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Command,
  encodeCommand,
  type PlaceOrder,
  type Seq,
  type StreamId,
} from "@castle/services/kernel/domain/command.ts";

/** What somebody asks to have accepted. A cancel may name its order by client id: acceptance looks it up. */
export interface Intent {
  readonly stream: StreamId;
  readonly accountId: AccountId;
  readonly clientId: string;
  readonly command: Command | CancelByClientId;
}

export interface CancelByClientId {
  readonly kind: "cancel-by-client-id";
  readonly origClientOrderId: string;
}

export type Verdict =
  /** Sequenced now, or before (`repeated`): then this is the first command, unchanged. */
  | { readonly kind: "accepted"; readonly command: AcceptedCommand; readonly repeated: boolean }
  | { readonly kind: "refused"; readonly because: RefusalReason };

export type RefusalReason =
  | "insufficient-funds"
  | "unknown-order"
  | "cancel-only"
  | "closed"
  /** The client id was used before, for something else. */
  | "client-id-taken";

/** What the database held, under lock, when the batch was decided. */
export interface Held {
  readonly epoch: Epoch;
  readonly gate: Gate;
  readonly now: number;
  readonly lastSeq: ReadonlyMap<StreamId, Seq>;
  /** Commands already there under the (account, kind, client id)s of the batch; see {@link clientKey}. */
  readonly earlier: ReadonlyMap<string, AcceptedCommand>;
  /** Free balance under "account/asset". */
  readonly free: ReadonlyMap<string, bigint>;
}

export interface Decision {
  /** One for each intent, in order. */
  readonly verdicts: readonly Verdict[];
  /** Those sequenced now, in order. */
  readonly accepted: readonly AcceptedCommand[];
}

export const clientKey = (accountId: AccountId, kind: Command["kind"], clientId: string): string =>
  `${accountId}/${kind}/${clientId}`;

export const balanceKey = (accountId: AccountId, asset: string): string => `${accountId}/${asset}`;

/** The kind under which an intent is remembered. */
export const kindOf = (intent: Intent): Command["kind"] =>
  intent.command.kind === "cancel-by-client-id" ? "cancel" : intent.command.kind;

/**
 * Decides a batch: each intent for itself, in order, so that one that lacks funds never spoils its neighbours and two
 * of one account cannot spend the same money.
 */
export function decide(intents: readonly Intent[], held: Held): Decision {
  const earlier = new Map(held.earlier);
  const free = new Map(held.free);
  const lastSeq = new Map(held.lastSeq);
  const accepted: AcceptedCommand[] = [];
  const verdicts = intents.map((intent): Verdict => {
    const key = clientKey(intent.accountId, kindOf(intent), intent.clientId);
    const before = earlier.get(key);
    if (before) return repeat(intent, before);
    if (held.gate === "closed") return refused("closed");
    if (held.gate === "cancel-only" && intent.command.kind === "place") return refused("cancel-only");

    const command = resolveCancel(intent, earlier);
    if (command === null) return refused("unknown-order");
    if (command.kind === "place" && !takeFunds(intent.accountId, command, free))
      return refused("insufficient-funds");

    const last = lastSeq.get(intent.stream);
    if (last === undefined)
      throw new Error(`stream "${intent.stream}" is not in the database's table stream`);
    lastSeq.set(intent.stream, last + 1);
    const sequenced: AcceptedCommand = {
      stream: intent.stream,
      seq: last + 1,
      epoch: held.epoch,
      accountId: intent.accountId,
      clientId: intent.clientId,
      acceptedAt: held.now,
      command,
    };
    earlier.set(key, sequenced);
    accepted.push(sequenced);
    return { kind: "accepted", command: sequenced, repeated: false };
  });
  return { verdicts, accepted };
}

const refused = (because: RefusalReason): Verdict => ({ kind: "refused", because });

/** The same request again gets the first result; a different one under its client id is refused. */
function repeat(intent: Intent, before: AcceptedCommand): Verdict {
  const same = before.stream === intent.stream && sameIntent(intent.command, before.command);
  return same ? { kind: "accepted", command: before, repeated: true } : refused("client-id-taken");
}

function sameIntent(asked: Intent["command"], before: Command): boolean {
  if (asked.kind === "cancel-by-client-id")
    return before.kind === "cancel" && before.origClientOrderId === asked.origClientOrderId;
  if (asked.kind === "cancel") return before.kind === "cancel" && before.orderId === asked.orderId;
  // A secret sealed twice differs in its nonce, and a market order's hold moves with the market: neither is the intent.
  if (asked.kind === "open-account") return before.kind === "open-account" && before.apiKey === asked.apiKey;
  if (asked.kind === "place") return before.kind === "place" && orderText(asked) === orderText(before);
  return encodeCommand(asked) === encodeCommand(before);
}

const orderText = ({ side, type, timeInForce, price, quantity, quoteBudget }: PlaceOrder): string =>
  [side, type, timeInForce, price, quantity, quantity === null ? quoteBudget : ""].join();

function resolveCancel(intent: Intent, earlier: ReadonlyMap<string, AcceptedCommand>): Command | null {
  if (intent.command.kind !== "cancel-by-client-id") return intent.command;
  const { origClientOrderId } = intent.command;
  const order = earlier.get(clientKey(intent.accountId, "place", origClientOrderId));
  if (!order || order.stream !== intent.stream) return null;
  return { kind: "cancel", orderId: order.seq, origClientOrderId };
}

function takeFunds(accountId: AccountId, order: PlaceOrder, free: Map<string, bigint>): boolean {
  const key = balanceKey(accountId, order.hold.asset);
  const available = free.get(key) ?? 0n;
  if (available < order.hold.amount) return false;
  free.set(key, available - order.hold.amount);
  return true;
}
