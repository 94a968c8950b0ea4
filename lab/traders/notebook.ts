import { now } from "./clock.ts";
import type { CommandIntent, DepthQuery } from "./intent.ts";
import type { OwnOrders } from "./own-orders.ts";
import type { RecordWriter } from "./record-writer.ts";
import type { Acknowledgement, Resolution, ToldFill, ToldOrder } from "./records.ts";
import type { Reply } from "./reply.ts";
import { DEPTH_LIMIT } from "./requests.ts";
import { readDepth, readOrder } from "./told.ts";

/** Writes down what the traders are told, and lets them know of their orders. */
export class Notebook {
  readonly #writer: RecordWriter;
  readonly #own: OwnOrders;

  constructor(writer: RecordWriter, own: OwnOrders) {
    this.#writer = writer;
    this.#own = own;
  }

  /** The platform answered a command with yes. @throws UnreadableAnswer */
  acknowledged(intent: CommandIntent, accountId: number, reply: Reply): void {
    const { orderId, order, fills } = readOrder(reply, { t: now(), accountId, source: "answer" });
    this.#acknowledgement(intent, accountId, reply, { orderId, by: "answer" });
    if (order) this.toldOrder(order);
    else this.#own.told(intent.clientOrderId, null);
    for (const fill of fills) this.toldFill(fill);
  }

  /** Durable with a late result: acknowledged, though the answer names no order. */
  accepted(intent: CommandIntent, accountId: number, reply: Reply): void {
    this.#acknowledgement(intent, accountId, reply, { orderId: null, by: "answer" });
    this.#own.told(intent.clientOrderId, null);
  }

  /** The platform answered a command with a definite no. */
  refused(intent: CommandIntent, accountId: number, { region, epoch }: Reply, code: number): void {
    const { kind, clientOrderId, symbol } = intent;
    const refusal = { t: now(), region, epoch, accountId, clientOrderId, symbol, kind, code };
    this.#writer.write("refusals", refusal);
    if (kind === "place") this.#own.forget(clientOrderId);
  }

  /**
   * Asking for a command's order was answered. Whether that shows that the command was executed: an order that is
   * there was placed, one that is CANCELED was cancelled. @throws UnreadableAnswer
   */
  found(intent: CommandIntent, accountId: number, reply: Reply): boolean {
    const { orderId, order } = readOrder(reply, { t: now(), accountId, source: "query" });
    if (order) this.toldOrder(order);
    if (intent.kind === "cancel" && order?.status !== "CANCELED") return false;
    this.#acknowledgement(intent, accountId, reply, { orderId, by: "query" });
    return true;
  }

  resolved(
    intent: CommandIntent,
    about: Pick<Resolution, "accountId" | "found" | "asked" | "because">,
  ): void {
    const { kind, clientOrderId, symbol } = intent;
    this.#writer.write("resolutions", { t: now(), clientOrderId, symbol, kind, ...about });
  }

  /** A query for an order was answered. @throws UnreadableAnswer */
  queried(accountId: number, reply: Reply): void {
    const { order } = readOrder(reply, { t: now(), accountId, source: "query" });
    if (order) this.toldOrder(order);
  }

  /** @throws UnreadableAnswer */
  depth({ symbol }: Pick<DepthQuery, "symbol">, reply: Reply): void {
    this.#writer.write("depthSnapshots", readDepth(reply, { t: now(), symbol, limit: DEPTH_LIMIT }));
  }

  toldOrder(order: ToldOrder): void {
    this.#writer.write("orders", order);
    this.#own.told(order.clientOrderId, order.status);
  }

  toldFill(fill: ToldFill): void {
    this.#writer.write("fills", fill);
  }

  #acknowledgement(
    { kind, clientOrderId, symbol }: CommandIntent,
    accountId: number,
    { region, epoch }: Reply,
    how: Pick<Acknowledgement, "orderId" | "by">,
  ): void {
    const about = { t: now(), region, epoch, accountId, clientOrderId, symbol, kind };
    this.#writer.write("acknowledgements", { ...about, ...how });
  }
}
