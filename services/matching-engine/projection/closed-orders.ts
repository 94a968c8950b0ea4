import type { Amount } from "../../kernel/domain/amount.ts";
import type { AccountId, Seq, StreamId } from "../../kernel/domain/command.ts";
import type { AppliedCommand } from "../application/applied-command.ts";
import { isOpen, type Order } from "../book/order.ts";

export interface ClosedOrder {
  readonly order: Order;
  /** What a MARKET buy by quote quantity could spend; null for every other order. */
  readonly quoteBudget: Amount | null;
}

interface Entry extends ClosedOrder {
  readonly stream: StreamId;
  /** Of the command that closed it. */
  readonly seq: Seq;
  projected: boolean;
}

/** So many stay in memory once they are projected, too: it is the youngest that traders ask for. */
const KEPT = 20_000;

/** Orders that were closed lately: every one that is not in the projection yet, and the youngest of those that are. */
export class ClosedOrders {
  readonly #kept: number;
  /** Oldest first. */
  readonly #byId = new Map<string, Entry>();
  readonly #byName = new Map<string, Entry>();

  constructor(kept = KEPT) {
    this.#kept = kept;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(stream: StreamId, orderId: number): ClosedOrder | undefined {
    return this.#byId.get(idOf(stream, orderId));
  }

  /** The last one that had the name. */
  byClientId(stream: StreamId, accountId: AccountId, clientOrderId: string): ClosedOrder | undefined {
    return this.#byName.get(nameOf(stream, accountId, clientOrderId));
  }

  /** Takes up the orders that the command closed. */
  add(command: AppliedCommand): void {
    const { stream, seq } = command.accepted;
    for (const order of command.applied.orders) {
      if (isOpen(order)) continue;
      const entry: Entry = { order, stream, seq, quoteBudget: budgetOf(command, order), projected: false };
      this.#byId.set(idOf(stream, order.orderId), entry);
      this.#byName.set(nameOf(stream, order.accountId, order.clientOrderId), entry);
    }
  }

  /** What the command closed is in the projection by now. */
  projected({ accepted: { stream, seq }, applied }: AppliedCommand): void {
    for (const { orderId } of applied.orders) {
      const entry = this.#byId.get(idOf(stream, orderId));
      if (entry?.seq === seq) entry.projected = true;
    }
    this.#forget();
  }

  #forget(): void {
    for (const [id, entry] of this.#byId) {
      if (this.#byId.size <= this.#kept || !entry.projected) return;
      this.#byId.delete(id);
      const name = nameOf(entry.stream, entry.order.accountId, entry.order.clientOrderId);
      if (this.#byName.get(name) === entry) this.#byName.delete(name);
    }
  }
}

const idOf = (stream: StreamId, orderId: number): string => `${stream} ${orderId}`;
const nameOf = (stream: StreamId, accountId: AccountId, clientOrderId: string): string =>
  `${stream} ${accountId} ${clientOrderId}`;

function budgetOf({ accepted: { seq, command } }: AppliedCommand, { orderId }: Order): Amount | null {
  const isOwn = command.kind === "place" && orderId === seq && command.quantity === null;
  return isOwn ? command.quoteBudget : null;
}
