import type { PlaceOrder } from "@castle/services/kernel/domain/command.ts";
import { changed, type Order } from "@castle/services/matching-engine/book/order.ts";
import { arrive } from "@castle/services/matching-engine/book/taker.ts";
import { LiveOrders } from "@castle/services/matching-engine/state/live-orders.ts";
import { expect } from "chai";
import { accepted, limit } from "./support/orders.ts";
import { BTC, ETH } from "./support/trading.ts";

const placed = (seq: number, clientId: string, stream = BTC, accountId = 1) => ({
  ...accepted(seq, accountId, limit("BUY", "1", "10")),
  ...{ stream, clientId, command: limit("BUY", "1", "10") as PlaceOrder },
});
const order = (seq: number, clientId: string, status: Order["status"] = "NEW"): Order =>
  changed(arrive(placed(seq, clientId)), { status });

describe("live orders", () => {
  let orders: LiveOrders;
  const idsOf = (accountId: number): number[] => [...orders.of(accountId)].map(({ orderId }) => orderId);

  beforeEach(() => {
    orders = new LiveOrders();
  });

  it("are found by number and by client order id from their being sequenced on, without a state until applied", () => {
    orders.sequenced(placed(1, "a"));
    expect(orders.byId(BTC, 1)).to.deep.include({ clientOrderId: "a", accountId: 1, order: null });
    orders.changed(BTC, order(1, "a"));
    expect(orders.byClientId(1, "a")?.order).to.include({ orderId: 1, status: "NEW" });
    expect([orders.byId(ETH, 1), orders.byClientId(2, "a"), orders.byId(BTC, 2)]).to.deep.equal([
      ...[undefined, undefined, undefined],
    ]);
  });

  it("are counted by account and stream", () => {
    orders.sequenced(placed(1, "a"));
    orders.sequenced(placed(2, "b"));
    orders.sequenced(placed(1, "c", ETH));
    orders.restore(BTC, { ...order(9, "z"), accountId: 2 });
    expect([
      orders.count(1, BTC),
      orders.count(1, ETH),
      orders.count(2, BTC),
      orders.count(3, BTC),
    ]).to.deep.equal([2, 1, 1, 0]);
    expect(idsOf(1)).to.have.members([1, 2, 1]);
  });

  for (const status of ["FILLED", "CANCELED", "EXPIRED", "REJECTED"] as const)
    it(`are gone when they are ${status}`, () => {
      orders.sequenced(placed(1, "a"));
      orders.changed(BTC, order(1, "a", status));
      expect([orders.byId(BTC, 1), orders.byClientId(1, "a")]).to.deep.equal([undefined, undefined]);
      expect([orders.count(1, BTC), idsOf(1)]).to.deep.equal([0, []]);
    });

  it("are gone when they were withdrawn", () => {
    orders.sequenced(placed(1, "a"));
    orders.sequenced(placed(2, "b"));
    orders.withdrawn(BTC, 2);
    expect([orders.count(1, BTC), idsOf(1), orders.byClientId(1, "b")]).to.deep.equal([1, [1], undefined]);
  });

  it("keep the newer order under a client order id whose older one ends later, as while a log is replayed", () => {
    orders.sequenced(placed(1, "a"));
    orders.sequenced(placed(3, "a"));
    orders.changed(BTC, order(1, "a"));
    orders.changed(BTC, order(1, "a", "CANCELED"));
    expect(orders.byClientId(1, "a")?.orderId).to.equal(3);
    expect([orders.byId(BTC, 1), orders.count(1, BTC)]).to.deep.equal([undefined, 1]);
    orders.changed(BTC, order(3, "a", "FILLED"));
    expect(idsOf(1)).to.deep.equal([]);
  });

  it("take no notice of a change of an order that was closed before", () => {
    orders.changed(BTC, order(1, "a", "CANCELED"));
    orders.changed(BTC, order(1, "a"));
    expect(orders.byId(BTC, 1)).to.equal(undefined);
  });
});
