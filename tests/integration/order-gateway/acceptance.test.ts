import { expect } from "chai";
import { type Gateway, TestCell, traders, until } from "./support/cell.ts";
import { limitOrder } from "./support/orders.ts";

const FUNDS = 100_000_00000000n;

describe("acceptance, two gateways before an engine, each its own process on real servers", () => {
  let cell: TestCell;
  let gateway: Gateway;
  let other: Gateway;

  const place = (
    changes: Record<string, string> = {},
    at: Gateway = gateway,
    by = traders[0],
    key?: string,
  ) =>
    at.signed(
      ...(["POST", "/api/v3/order", { ...limitOrder, ...changes }, by] as const),
      key === undefined ? {} : { "Idempotency-Key": key },
    );
  const cancel = (origClientOrderId: string, by = traders[0], at: Gateway = gateway) =>
    at.signed("DELETE", "/api/v3/order", { symbol: limitOrder.symbol, origClientOrderId }, by);
  const even = (index: number): Gateway => (index % 2 === 0 ? gateway : other);

  before(async () => {
    cell = await TestCell.start({ USDT: FUNDS });
    [gateway, other] = await Promise.all([cell.gateway(), cell.gateway(), cell.engine()]);
    await until("the cell is paired, and both gateways know", async () => {
      const states = await Promise.all([gateway.health(), other.health()]);
      return (await cell.cell.isInMode("paired")) && states.every(({ status }) => status === 200);
    });
  });
  after(() => cell?.stop());

  it("acknowledges an order once the peer's journal holds it", async () => {
    const { status, body } = await place({ newClientOrderId: "first" });
    expect(status).to.equal(200);
    const held = await cell.peerJournal("entry").where({ client_id: "first" }).first();
    expect(Number(held.seq)).to.equal(body["orderId"]);
    const { body: account } = await gateway.signed("GET", "/api/v3/account", {});
    expect(account["balances"]).to.deep.include({
      asset: "USDT",
      free: "99980.00000000",
      locked: "20.00000000",
    });
  });

  describe("a client order id", () => {
    it("is refused while the order is open, through any gateway", async () => {
      expect((await place({ newClientOrderId: "open" })).status).to.equal(200);
      for (const again of [
        await place({ newClientOrderId: "open" }, other),
        await place({ newClientOrderId: "open" }),
      ])
        expect([again.status, again.body.code, again.body["msg"]]).to.deep.equal([
          ...[400, -2010, "Duplicate order sent."],
        ]);
      expect(await cell.db("command").where({ client_id: "open" })).to.have.length(1);
    });

    it("may be used again once its order is closed", async () => {
      const { body: one } = await place({ newClientOrderId: "reused" });
      expect((await cancel("reused", traders[0], other)).status).to.equal(200);
      const { status, body: two } = await place({ newClientOrderId: "reused" }, other);
      expect(status).to.equal(200);
      expect(two["orderId"]).to.be.greaterThan(Number(one["orderId"]));
      const { body: found } = await gateway.signed("GET", "/api/v3/order", {
        ...{ symbol: limitOrder.symbol, origClientOrderId: "reused" },
      });
      expect([found["orderId"], found["status"]]).to.deep.equal([two["orderId"], "NEW"]);
    });

    it("is given once, however many requests carry it at once", async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => place({ newClientOrderId: "storm" }, even(index))),
      );
      const codes = answers.map(({ status, body }) => (status === 200 ? 200 : body.code));
      expect(codes.filter((code) => code === 200)).to.have.length(1);
      expect(codes.filter((code) => code === -2010)).to.have.length(39);
    });
  });

  describe("an Idempotency-Key", () => {
    it("gets the first result, marked as repeated, through any gateway", async () => {
      const changes = { newOrderRespType: "FULL" };
      const one = await place(changes, gateway, traders[5], "key-1");
      const again = await place(changes, other, traders[5], "key-1");
      expect([one.status, again.status]).to.deep.equal([200, 200]);
      expect(again.body).to.deep.equal(one.body);
      expect(one.headers.get("Idempotent-Replayed")).to.equal(null);
      expect(again.headers.get("Idempotent-Replayed")).to.equal("true");
    });

    it("gets the first request's acknowledgement too, under the client order id that was made up for it", async () => {
      const { newClientOrderId: _, ...bare } = { ...limitOrder, newClientOrderId: "" };
      const one = await place(bare, gateway, traders[5], "key-2");
      const again = await place(bare, other, traders[5], "key-2");
      expect(again.body).to.deep.equal(one.body);
    });

    it("still does after the order was cancelled, and when the answer is in the projection alone", async () => {
      const changes = { newClientOrderId: "keyed", newOrderRespType: "RESULT" };
      const one = await place(changes, gateway, traders[5], "key-3");
      await cancel("keyed", traders[5]);
      await until(
        "it is projected",
        async () => (await cell.cell.projected("BTCUSDT")) >= Number(one.body["orderId"]),
      );
      const again = await place(changes, other, traders[5], "key-3");
      expect([again.status, again.body]).to.deep.equal([200, one.body]);
    });

    it("is refused with another request", async () => {
      await place({}, gateway, traders[5], "key-4");
      const { status, body } = await place({ quantity: "0.002" }, other, traders[5], "key-4");
      expect([status, body.code]).to.deep.equal([422, -1130]);
    });

    it("makes one order of a storm of the same request, and everybody learns which", async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => place({}, even(index), traders[6], "storm")),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 200));
      expect(new Set(answers.map(({ body }) => body["orderId"])).size).to.equal(1);
    });
  });

  it("gives every order of a busy stream its own gapless place, from two gateways at once", async () => {
    const before = await cell.cell.logged("ETHUSDT");
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        place({ symbol: "ETHUSDT", price: "1000.00", quantity: "0.01" }, even(index), traders[index % 10]),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body)).to.deep.equal([]);
    const seqs = answers.map((answer) => Number(answer.body["orderId"])).sort((a, b) => a - b);
    expect(seqs).to.deep.equal(Array.from({ length: 200 }, (_, index) => before + 1 + index));
  });

  it("decides funds order by order: what does not fit is refused alone", async () => {
    const answers = await Promise.all([
      place({ price: "900000.00", quantity: "0.09" }, gateway, traders[1]),
      place({ price: "900000.00", quantity: "0.09" }, gateway, traders[1]),
      place({ price: "20000.00", quantity: "0.001" }, gateway, traders[1]),
    ]);
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(refused.map((answer) => answer.body.code)).to.deep.equal([-2010]);
  });

  it("says unknown, never yes, while the journal keeps nothing; and the truth once it does", async () => {
    const lock = await cell.peerJournal.transaction();
    await lock.raw("lock table high_water in access exclusive mode");
    const { status, body } = await place({ newClientOrderId: "held-up" }, gateway, traders[3]);
    const asked = await gateway.signed(
      ...(["GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "held-up" }, traders[3]] as const),
    );
    await lock.rollback();
    expect([status, body.code]).to.deep.equal([503, -1006]);
    expect([asked.status, asked.body.code], "neither there nor not there").to.deep.equal([503, -1006]);
    await until("the order is durable", async () => {
      const found = await gateway.signed(
        ...(["GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "held-up" }] as const),
        traders[3],
      );
      return found.status === 200;
    });
  });

  // A suite's own tests come before those of the suites in it: this one leaves nothing that takes orders.
  describe("a fence", () =>
    it("ends every acknowledgement: the peer's journal has a higher epoch", async () => {
      await cell.peerJournal.raw("select journal_raise_epoch(2)");
      // A demoted gateway also closes what clients hold open: that is no acknowledgement either.
      const answers = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => place({}, even(index), traders[4])),
      );
      const told = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.status] : []));
      expect(told.filter((status) => status !== 503)).to.deep.equal([]);
      await until("both gateways are standby", async () => {
        const states = await Promise.all([gateway.health(), other.health()]);
        return states.every((state) => state.body["role"] === "standby");
      });
      for (let n = 0; n < 10; n += 1) {
        const refused = await place({}, even(n)).catch(() => null);
        if (refused) expect(refused.status).to.equal(503);
      }
    }));
});
