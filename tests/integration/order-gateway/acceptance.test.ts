import { expect } from "chai";
import { type Gateway, TestCell, traders, until } from "./support/cell.ts";
import { limitOrder } from "./support/orders.ts";

const FUNDS = 100_000_00000000n;

describe("acceptance, a gateway process on real servers", () => {
  let cell: TestCell;
  let gateway: Gateway;
  let other: Gateway;

  const place = (changes: Record<string, string> = {}, at: Gateway = gateway, by = traders[0]) =>
    at.signed("POST", "/api/v3/order", { ...limitOrder, ...changes }, by);
  const even = (index: number): Gateway => (index % 2 === 0 ? gateway : other);
  const mode = async () => (await cell.witness.read()).mode;

  before(async () => {
    cell = await TestCell.start();
    await cell.fund("USDT", FUNDS);
    [gateway, other] = await Promise.all([cell.gateway(), cell.gateway()]);
    await until("the cell is paired, and both gateways know", async () => {
      const states = await Promise.all([gateway.health(), other.health()]);
      return (await mode()) === "paired" && states.every(({ status }) => status === 200);
    });
  });
  after(() => cell?.stop());

  it("acknowledges an order once the peer's journal holds it", async () => {
    const { status, body } = await place({ newClientOrderId: "first" });
    expect(status).to.equal(200);
    const held = await cell.peerJournal("entry").where({ client_id: "first" }).first();
    expect(Number(held.seq)).to.equal(body["orderId"]);
    const { body: balance } = await gateway.signed("GET", "/api/v3/account", {});
    expect(balance["balances"]).to.deep.include({
      asset: "USDT",
      free: "99980.00000000",
      locked: "20.00000000",
    });
  });

  it("answers a repeated client order id with the first result, through any gateway", async () => {
    const { body } = await place({ newClientOrderId: "repeated" });
    const again = await place({ newClientOrderId: "repeated" }, other);
    expect(again.status).to.equal(200);
    expect(again.body).to.deep.equal(body);
    expect(await cell.db("command").where({ client_id: "repeated" })).to.have.length(1);
  });

  it("refuses another order under a client order id that is taken", async () => {
    await place({ newClientOrderId: "taken" });
    const { status, body } = await place({ newClientOrderId: "taken", quantity: "0.002" });
    expect([status, body.code]).to.deep.equal([400, -2010]);
  });

  it("sequences one client order id once, however many requests carry it at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => place({ newClientOrderId: "storm" }, even(index))),
    );
    expect(new Set(answers.map((answer) => answer.body["orderId"])).size).to.equal(1);
    expect(answers.every((answer) => answer.status === 200)).to.equal(true);
  });

  it("gives every order of a busy stream its own gapless place, from two gateways at once", async () => {
    const before = Number((await cell.db("stream").where({ name: "ETHUSDT" }).first()).last_seq);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        place({ symbol: "ETHUSDT", price: "1000.00", quantity: "0.01" }, even(index), traders[index % 10]),
      ),
    );
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
    const { free } = await cell
      .db("balance")
      .where({ account_id: traders[1]?.accountId, asset: "USDT" })
      .first();
    expect(BigInt(free) >= 0n).to.equal(true);
  });

  it("fills the gap that a dead gateway left in the journal", async () => {
    const last = Number((await cell.db("stream").where({ name: "BTCUSDT" }).first()).last_seq);
    // As if a gateway had died between its commit and its append.
    await cell.db.raw("select castle_guard(1, 'eu-west-1')");
    await cell.db("command").insert({
      ...{ stream: "BTCUSDT", seq: last + 1, epoch: 1, account_id: 7, client_id: "orphan", kind: "cancel" },
      ...{ accepted_at: Date.now(), body: '{"kind":"cancel","orderId":1,"origClientOrderId":""}' },
    });
    await cell
      .db("stream")
      .where({ name: "BTCUSDT" })
      .update({ last_seq: last + 1 });
    const { status, body } = await place({}, gateway, traders[2]);
    expect(status).to.equal(200);
    expect(body["orderId"]).to.equal(last + 2);
    expect(await cell.peerJournal("entry").where({ client_id: "orphan" })).to.have.length(1);
  });

  it("says unknown, never yes, when the journal keeps nothing; and the truth once it does", async () => {
    const lock = await cell.peerJournal.transaction();
    await lock.raw("lock table high_water in access exclusive mode");
    const { status, body } = await place({ newClientOrderId: "held-up" }, gateway, traders[3]);
    await lock.rollback();
    expect([status, body.code]).to.deep.equal([503, -1006]);
    await until("the order is durable", async () => {
      const asked = await gateway.signed(
        "GET",
        "/api/v3/order",
        { symbol: "BTCUSDT", origClientOrderId: "held-up" },
        traders[3],
      );
      return asked.status === 200;
    });
  });

  it("acknowledges nothing more once the peer's journal has a higher epoch, and turns standby by itself", async () => {
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
    const refused = await place();
    expect([refused.status, refused.body.code]).to.deep.equal([503, -1001]);
  });
});
