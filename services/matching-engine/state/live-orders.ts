import type { AcceptedCommand, AccountId, PlaceOrder, StreamId } from "../../kernel/domain/command.ts";
import { isOpen, type Order } from "../book/order.ts";

/** An order that is sequenced and not closed. */
export interface LiveOrder {
  readonly stream: StreamId;
  readonly orderId: number;
  readonly accountId: AccountId;
  readonly clientOrderId: string;
  /** When it was accepted: milliseconds since 1970. */
  readonly since: number;
  /** As of the commands applied; null while its own place command is not. */
  readonly order: Order | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One account's live orders. */
interface AccountOrders {
  readonly byClientId: Map<string, LiveOrder>;
  /** How many there are in each stream. */
  readonly counts: Map<StreamId, number>;
}

/**
 * Every order that is sequenced and not closed, by number, by account and by client order id: what decides whether a
 * client order id is taken, which order a cancel means, and how many an account may still place.
 */
export class LiveOrders {
  readonly #streams = new Map<StreamId, Map<number, Mutable<LiveOrder>>>();
  readonly #accounts = new Map<AccountId, AccountOrders>();

  byId(stream: StreamId, orderId: number): LiveOrder | undefined {
    return this.#streams.get(stream)?.get(orderId);
  }

  byClientId(accountId: AccountId, clientOrderId: string): LiveOrder | undefined {
    return this.#accounts.get(accountId)?.byClientId.get(clientOrderId);
  }

  count(accountId: AccountId, stream: StreamId): number {
    return this.#accounts.get(accountId)?.counts.get(stream) ?? 0;
  }

  /** The account's, of every stream. */
  of(accountId: AccountId): Iterable<LiveOrder> {
    return this.#accounts.get(accountId)?.byClientId.values() ?? [];
  }

  /** An order whose place command is sequenced. */
  sequenced({ stream, seq, accountId, clientId, acceptedAt }: AcceptedCommand<PlaceOrder>): void {
    this.#add({ stream, orderId: seq, accountId, clientOrderId: clientId, since: acceptedAt, order: null });
  }

  /** Its place command was never logged. */
  withdrawn(stream: StreamId, orderId: number): void {
    this.#remove(stream, orderId);
  }

  /** An open order as it was restored. */
  restore(stream: StreamId, order: Order): void {
    const { orderId, accountId, clientOrderId } = order;
    this.#add({ stream, orderId, accountId, clientOrderId, since: order.time, order });
  }

  /** What a command has made of an order. */
  changed(stream: StreamId, order: Order): void {
    const live = this.#streams.get(stream)?.get(order.orderId);
    if (!isOpen(order)) this.#remove(stream, order.orderId);
    else if (live) live.order = order;
  }

  #add(live: LiveOrder): void {
    let orders = this.#streams.get(live.stream);
    if (!orders) {
      orders = new Map();
      this.#streams.set(live.stream, orders);
    }
    orders.set(live.orderId, live);
    let account = this.#accounts.get(live.accountId);
    if (!account) {
      account = { byClientId: new Map(), counts: new Map() };
      this.#accounts.set(live.accountId, account);
    }
    // A log's tail is read stream by stream: one that is about to be closed may come behind the one that has its name by now.
    const named = account.byClientId.get(live.clientOrderId);
    if (!named || named.since <= live.since) account.byClientId.set(live.clientOrderId, live);
    account.counts.set(live.stream, (account.counts.get(live.stream) ?? 0) + 1);
  }

  #remove(stream: StreamId, orderId: number): void {
    const orders = this.#streams.get(stream);
    const live = orders?.get(orderId);
    if (!orders || !live) return;
    orders.delete(orderId);
    const account = this.#accounts.get(live.accountId);
    if (!account) return;
    if (account.byClientId.get(live.clientOrderId) === live) account.byClientId.delete(live.clientOrderId);
    const left = (account.counts.get(stream) ?? 1) - 1;
    if (left > 0) account.counts.set(stream, left);
    else account.counts.delete(stream);
    if (account.byClientId.size === 0 && account.counts.size === 0) this.#accounts.delete(live.accountId);
  }
}
