import { randomBytes } from "node:crypto";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { encodeCommand } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { readListenKey } from "@castle/services/kernel/http/listen-key.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { AppliedMarket, clientIdOf, timeOf } from "../market-data/support/applied-market.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { type Body, QueryApi } from "./support/query-api.ts";

const ME = 7;
const OTHER = 8;

describe("questions about an account, on a real database", () => {
  const sealKey = randomBytes(32);
  let servers: CellServers;
  let db: Knex;
  let api: QueryApi;
  let btc: AppliedMarket;
  let eth: AppliedMarket;

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: ["BTCUSDT", "ETHUSDT"] } });
    db = connectDatabase(servers.databaseUrl, { name: "test", max: 5 });
    api = await QueryApi.listen(db, sealKey);
    btc = await AppliedMarket.open(db, "BTCUSDT");
    eth = await AppliedMarket.open(db, "ETHUSDT");
  });
  afterEach(() => api.marks.clear());
  after(async () => {
    api?.close();
    await db?.destroy();
    await servers?.stop();
  });

  /** Stores a command that no engine has applied, as acceptance does. Far beyond what the tests apply. */
  async function accept(seq: number, outcome?: Partial<Outcome>): Promise<void> {
    const body = encodeCommand({
      ...{ kind: "place", side: "BUY", type: "MARKET", timeInForce: "GTC", price: null, quantity: null },
      ...{ quoteBudget: 10_000_000_000n, hold: { asset: "USDT", amount: 10_000_000_000n } },
    });
    const place = { stream: "ETHUSDT", seq };
    await db("command").insert({
      ...{ ...place, epoch: 1, account_id: ME, client_id: clientIdOf("ETHUSDT", seq) },
      ...{ kind: "place", accepted_at: timeOf(seq), body },
    });
    if (outcome) await db("outcome").insert({ ...place, body: JSON.stringify(outcome) });
  }

  describe("order", () => {
    it("is found by its id and by the client's, with what the engine made of it", async () => {
      const { seq } = await btc.rest("SELL", "20000", "1", ME);
      await btc.take(seq, "0.4", OTHER);
      const found = await api.get(`/order?symbol=BTCUSDT&orderId=${seq}`);
      expect(found).to.deep.equal({
        symbol: "BTCUSDT",
        orderId: seq,
        orderListId: -1,
        clientOrderId: clientIdOf("BTCUSDT", seq),
        price: "20000.00000000",
        origQty: "1.00000000",
        executedQty: "0.40000000",
        cummulativeQuoteQty: "8000.00000000",
        status: "PARTIALLY_FILLED",
        timeInForce: "GTC",
        type: "LIMIT",
        side: "SELL",
        stopPrice: "0.00000000",
        icebergQty: "0.00000000",
        time: timeOf(seq),
        updateTime: timeOf(seq + 1),
        isWorking: true,
        workingTime: timeOf(seq),
        origQuoteOrderQty: "0.00000000",
        selfTradePreventionMode: "NONE",
      });
      const clientId = clientIdOf("BTCUSDT", seq);
      for (const query of [`origClientOrderId=${clientId}`, `orderId=${seq}&origClientOrderId=${clientId}`])
        expect(await api.get(`/order?symbol=BTCUSDT&${query}`)).to.deep.equal(found);
    });

    it("is NEW and untouched when it is durable and not applied yet", async () => {
      await accept(1_000);
      expect(await api.get("/order?symbol=ETHUSDT&orderId=1000")).to.include({
        clientOrderId: clientIdOf("ETHUSDT", 1_000),
        status: "NEW",
        executedQty: "0.00000000",
        origQuoteOrderQty: "100.00000000",
        time: timeOf(1_000),
      });
    });

    it("is unknown, neither there nor not there, when it may still be lost", async () => {
      await accept(1_001);
      api.marks.set("ETHUSDT", 1_000);
      const byClient = `/order?symbol=ETHUSDT&origClientOrderId=${clientIdOf("ETHUSDT", 1_001)}`;
      expect(await api.refusal(byClient)).to.deep.equal([503, -1006]);
      expect(await api.refusal("/order?symbol=ETHUSDT&orderId=1001")).to.deep.equal([503, -1006]);
      expect(await api.get("/order?symbol=ETHUSDT&orderId=1000")).to.include({ status: "NEW" });
    });

    it("is told once it is applied, however far this gateway knows the journal to reach", async () => {
      const { seq } = await btc.rest("SELL", "20001", "1", ME);
      api.marks.set("BTCUSDT", 0);
      expect(await api.get(`/order?symbol=BTCUSDT&orderId=${seq}`)).to.include({ status: "NEW" });
    });

    it("is told from its outcome when it left no row", async () => {
      const { seq, reports } = await eth.rest("BUY", "1000", "1", ME);
      const rejected = reports.map((report) => ({ ...report, status: "REJECTED", execution: "REJECTED" }));
      await db("orders").where({ symbol: "ETHUSDT", order_id: seq }).delete();
      await db("outcome")
        .where({ stream: "ETHUSDT", seq })
        .update({ body: JSON.stringify({ seq, time: timeOf(seq), reports: rejected }) });
      expect(await api.get(`/order?symbol=ETHUSDT&orderId=${seq}`)).to.include({ status: "REJECTED" });
    });

    it("is nobody's but its account's", async () => {
      const { seq } = await btc.rest("SELL", "20002", "1", ME);
      for (const query of [`orderId=${seq}`, `origClientOrderId=${clientIdOf("BTCUSDT", seq)}`])
        expect(await api.refusal(`/order?symbol=BTCUSDT&${query}`, { account: OTHER })).to.deep.equal([
          400, -2013,
        ]);
    });

    for (const [what, query, code] of [
      ["an order of another symbol", `symbol=ETHUSDT&origClientOrderId=${clientIdOf("BTCUSDT", 1)}`, -2013],
      ["an order that was never placed", "symbol=BTCUSDT&orderId=999999", -2013],
      ["two ids that differ", "symbol=BTCUSDT&orderId=1&origClientOrderId=another", -2039],
      ["no id", "symbol=BTCUSDT", -1102],
      ["an empty id", "symbol=BTCUSDT&orderId=", -1105],
      ["an id that is none", "symbol=BTCUSDT&orderId=1x", -1100],
      ["no symbol", "orderId=1", -1102],
    ] as const)
      it(`refuses ${what} with ${code}`, async () => {
        expect(await api.refusal(`/order?${query}`)).to.deep.equal([400, code]);
      });
  });

  describe("openOrders", () => {
    it("are the account's, of one symbol or of all, without what is closed", async () => {
      const mine = 17;
      const one = await btc.rest("SELL", "20003", "1", mine);
      const closed = await btc.rest("SELL", "20004", "1", mine);
      await btc.cancel(closed.seq);
      const two = await eth.rest("BUY", "999", "1", mine);
      const ids = async (query: string) =>
        (await api.get<Body[]>(`/openOrders${query}`, mine)).map((order) => [
          order["symbol"],
          order["orderId"],
        ]);
      expect(await ids("")).to.deep.equal([
        ["BTCUSDT", one.seq],
        ["ETHUSDT", two.seq],
      ]);
      expect(await ids("?symbol=ETHUSDT")).to.deep.equal([["ETHUSDT", two.seq]]);
      expect(await api.get("/openOrders", 18)).to.deep.equal([]);
    });
  });

  describe("account", () => {
    const balancesOf = async (account: number, query = "") =>
      (await api.get<{ balances: Body[] }>(`/account${query}`, account)).balances;

    it("tells every balance, and who asked", async () => {
      await db("balance").insert([
        { account_id: 27, asset: "USDT", free: "12345678901234567890", locked: "1" },
        { account_id: 27, asset: "BTC", free: "0", locked: "0" },
      ]);
      const found = await api.get("/account", 27);
      expect(found).to.include({ uid: 27, accountType: "SPOT", canTrade: true, makerCommission: 0 });
      expect(found["balances"]).to.deep.equal([
        { asset: "BTC", free: "0.00000000", locked: "0.00000000" },
        { asset: "USDT", free: "123456789012.34567890", locked: "0.00000001" },
      ]);
      expect(await balancesOf(27, "?omitZeroBalances=true")).to.have.length(1);
      expect(await balancesOf(28)).to.deep.equal([]);
    });

    it("tells the hold of an order that is durable, and not that of one that may still be lost", async () => {
      const account = 37;
      await db("balance").insert({ account_id: account, asset: "USDT", free: "70", locked: "30" });
      const hold = (seq: number, amount: number) =>
        (["free", "locked"] as const).map((bucket, leg) => ({
          ...{ stream: "ETHUSDT", seq, leg, account_id: account, asset: "USDT", bucket },
          amount: bucket === "free" ? -amount : amount,
        }));
      await db("posting").insert([...hold(2_000, 10), ...hold(2_001, 20)]);
      const told = async () => (await balancesOf(account)).map(({ free, locked }) => [free, locked]);
      expect(await told()).to.deep.equal([["0.00000070", "0.00000030"]]);
      api.marks.set("ETHUSDT", 2_000);
      expect(await told()).to.deep.equal([["0.00000090", "0.00000010"]]);
      api.marks.set("ETHUSDT", 1_999);
      expect(await told()).to.deep.equal([["0.00000100", "0.00000000"]]);
    });
  });

  describe("myTrades", () => {
    const me = 47;
    let maker: number;

    before(async () => {
      maker = (await btc.rest("BUY", "19000", "1", me)).seq;
      await btc.take(maker, "0.1", OTHER);
      const other = (await btc.rest("BUY", "19001", "1", OTHER)).seq;
      await btc.take(other, "0.2", me);
      await btc.take(maker, "0.3", me);
    });
    const ids = async (query: string) =>
      (await api.get<Body[]>(`/myTrades?symbol=BTCUSDT&${query}`, me)).map((trade) => [
        trade["id"],
        trade["orderId"],
        trade["isBuyer"],
        trade["isMaker"],
      ]);

    it("tell each trade from the account's side, and a trade with itself from both", async () => {
      expect(await ids("")).to.deep.equal([
        [(maker + 1) * 1_000, maker, true, true],
        [(maker + 3) * 1_000, maker + 3, false, false],
        [(maker + 4) * 1_000, maker + 4, false, false],
        [(maker + 4) * 1_000, maker, true, true],
      ]);
      const [first] = await api.get<Body[]>("/myTrades?symbol=BTCUSDT&limit=1&fromId=1", me);
      expect(first).to.deep.equal({
        symbol: "BTCUSDT",
        id: (maker + 1) * 1_000,
        orderId: maker,
        orderListId: -1,
        price: "19000.00000000",
        qty: "0.10000000",
        quoteQty: "1900.00000000",
        commission: "0.00000000",
        commissionAsset: "BTC",
        time: timeOf(maker + 1),
        isBuyer: true,
        isMaker: true,
        isBestMatch: true,
      });
    });

    it("are the most recent within the limit, or those from an id on", async () => {
      expect((await ids("limit=2")).map(([id]) => id)).to.deep.equal([
        (maker + 4) * 1_000,
        (maker + 4) * 1_000,
      ]);
      const from = `fromId=${(maker + 3) * 1_000}`;
      expect((await ids(`${from}&limit=1`)).map(([id]) => id)).to.deep.equal([(maker + 3) * 1_000]);
      expect(await ids(from)).to.have.length(3);
    });

    it("are those of one order, when it is named", async () => {
      expect((await ids(`orderId=${maker}`)).map(([id]) => id)).to.deep.equal([
        (maker + 1) * 1_000,
        (maker + 4) * 1_000,
      ]);
    });

    it("refuse what they cannot narrow by, rather than to ignore it", async () => {
      expect(await api.refusal("/myTrades?symbol=BTCUSDT&startTime=1")).to.deep.equal([400, -1106]);
    });
  });

  describe("userDataStream", () => {
    const keyOf = async (method: string, path: string): Promise<string> => {
      const { status, body } = await api.ask(method, path);
      expect(status).to.equal(200);
      return String((body as Body)["listenKey"]);
    };

    it("gives a key that opens the account's stream, and a fresh one in time", async () => {
      const key = await keyOf("POST", "/userDataStream");
      const fresh = await keyOf("PUT", `/userDataStream?listenKey=${key}`);
      for (const one of [key, fresh])
        expect(readListenKey(sealKey, one, Date.now())).to.include({ accountId: ME });
      expect(await api.ask("DELETE", `/userDataStream?listenKey=${key}`)).to.deep.equal({
        status: 200,
        body: {},
      });
    });

    it("knows nobody else's key, and none that it did not make", async () => {
      const key = await keyOf("POST", "/userDataStream");
      const refusal = (method: string, listenKey: string, account = ME) =>
        api.refusal(`/userDataStream?listenKey=${listenKey}`, { method, account });
      expect(await refusal("PUT", key, OTHER)).to.deep.equal([400, -1125]);
      expect(await refusal("DELETE", key, OTHER)).to.deep.equal([400, -1125]);
      expect(await refusal("PUT", "made-up")).to.deep.equal([400, -1125]);
    });
  });
});
