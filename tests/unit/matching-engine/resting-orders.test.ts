import type { Order } from "@castle/services/matching-engine/book/order.ts";
import { PriceLevels } from "@castle/services/matching-engine/book/price-levels.ts";
import { RestingOrders } from "@castle/services/matching-engine/book/resting-orders.ts";
import { assert } from "chai";
import { MAKER, sell } from "./support/books.ts";
import { btcusdt, streamOf } from "./support/orders.ts";
import { play } from "./support/play.ts";

describe("the table of resting orders", () => {
  const [order] = play(streamOf([MAKER, sell(1, 100)])).last.orders as [Order];
  const level = new PriceLevels("SELL").at(order.price);

  it("takes no new row while there is one that an order has left", () => {
    const orders = new RestingOrders(btcusdt);
    let orderId = 0;
    const addOne = (): number => {
      orderId += 1;
      return orders.add({ ...order, orderId }, level);
    };
    const rows = [addOne(), addOne(), addOne()];
    assert.deepEqual(rows, [0, 1, 2]);
    orders.delete(1);
    orders.delete(0);
    assert.deepEqual([addOne(), addOne(), addOne()], [0, 1, 3]);
  });
});
