import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { readListenKey } from "@castle/services/kernel/http/listen-key.ts";
import { expect } from "chai";
import { SEAL_KEY } from "../support/active-cell.ts";
import type { Body, QueryApi } from "./support/query-api.ts";
import { places, QueryWorld } from "./support/query-world.ts";

const ME = 7;
const OTHER = 8;

describe("questions about an account, on a real database and engine", () => {
  let world: QueryWorld;
  let api: QueryApi;

  before(async () => {
    world = await QueryWorld.start();
    ({ api } = world);
  });
  after(() => world?.stop());

  for (const place of places)
    describe(`answered from ${place}`, () => {
      before(() => world.play(place));
      after(() => world.unblock());

      /** The same, once it stands where it is to be answered from. */
      const settled = async (outcome: Promise<Outcome>): Promise<Outcome> => {
        const happened = await outcome;
        await world.settle(place);
        return happened;
      };

      describe("order", () => {
        it("is found by its id and by the client's, with what the engine made of it", async () => {
          const placed = await world.btc.limit("SELL", "20000", "1", ME);
          const taken = await settled(world.btc.limit("BUY", "20000", "0.4", OTHER));
          const found = await api.get(`/order?symbol=BTCUSDT&orderId=${placed.seq}`);
          expect(found).to.deep.equal({
            symbol: "BTCUSDT",
            orderId: placed.seq,
            orderListId: -1,
            clientOrderId: placed.clientId,
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
            time: placed.time,
            updateTime: taken.time,
            isWorking: true,
            workingTime: placed.time,
            origQuoteOrderQty: "0.00000000",
            selfTradePreventionMode: "NONE",
          });
          const { clientId, seq } = placed;
          for (const query of [
            `origClientOrderId=${clientId}`,
            `orderId=${seq}&origClientOrderId=${clientId}`,
          ])
            expect(await api.get(`/order?symbol=BTCUSDT&${query}`)).to.deep.equal(found);
          await world.btc.cancel(seq, ME);
        });

        it("is found when it is closed: filled, cancelled, expired, rejected", async () => {
          const filled = await world.btc.limit("SELL", "20000", "1", ME);
          const taker = await world.btc.limit("BUY", "20000", "1", OTHER);
          const cancelled = await world.btc.limit("SELL", "20001", "1", ME);
          await world.btc.cancel(cancelled.seq, ME);
          const expired = await settled(world.btc.moveNothing(ME));
          const statusOf = async ({ seq, clientId }: Outcome, account: number) => {
            const byId = await api.get(`/order?symbol=BTCUSDT&orderId=${seq}`, account);
            const byName = await api.get(`/order?symbol=BTCUSDT&origClientOrderId=${clientId}`, account);
            expect(byName).to.deep.equal(byId);
            return byId["status"];
          };
          expect(await statusOf(filled, ME)).to.equal("FILLED");
          expect(await statusOf(taker, OTHER)).to.equal("FILLED");
          expect(await statusOf(cancelled, ME)).to.equal("CANCELED");
          expect(await statusOf(expired, ME)).to.equal("EXPIRED");
        });

        it("shows the budget of a market buy by quote quantity", async () => {
          const maker = await world.eth.limit("SELL", "1000", "1", OTHER);
          const { seq } = await settled(world.eth.market("BUY", "100", ME));
          expect(await api.get(`/order?symbol=ETHUSDT&orderId=${seq}`)).to.include({
            ...{ type: "MARKET", status: "FILLED", executedQty: "0.10000000" },
            ...{ cummulativeQuoteQty: "100.00000000", origQuoteOrderQty: "100.00000000" },
          });
          await world.eth.cancel(maker.seq, OTHER);
        });

        it("is the newest that had the client order id, in its own market", async () => {
          const clientId = `again-${place === "the projection" ? "p" : "m"}`;
          const order = (stream: string) => ({ stream, accountId: ME, clientId });
          const bid = {
            ...({ kind: "place", side: "BUY", type: "LIMIT", timeInForce: "GTC" } as const),
            ...{ price: 10_00000000n, quantity: 1_00000000n, quoteBudget: null },
            hold: { asset: "USDT", amount: 10_00000000n },
          };
          const cancel = { kind: "cancel-by-client-id", origClientOrderId: clientId } as const;
          const { caller } = world;
          await caller.accepted({ ...order("BTCUSDT"), command: bid });
          await caller.accepted({ ...order("BTCUSDT"), clientId: `${clientId}-c1`, command: cancel });
          const second = await caller.accepted({ ...order("BTCUSDT"), command: bid });
          await caller.accepted({ ...order("BTCUSDT"), clientId: `${clientId}-c2`, command: cancel });
          const third = await caller.accepted({ ...order("ETHUSDT"), command: bid });
          await world.settle(place);
          const found = (symbol: string) => api.get(`/order?symbol=${symbol}&origClientOrderId=${clientId}`);
          expect(await found("BTCUSDT")).to.include({ orderId: second.seq, status: "CANCELED" });
          expect(await found("ETHUSDT")).to.include({ orderId: third.seq, status: "NEW" });
          await world.eth.cancel(third.seq, ME);
        });

        it("is nobody's but its account's", async () => {
          const { seq, clientId } = await settled(world.btc.limit("SELL", "20002", "1", ME));
          for (const query of [`orderId=${seq}`, `origClientOrderId=${clientId}`])
            expect(await api.refusal(`/order?symbol=BTCUSDT&${query}`, { account: OTHER })).to.deep.equal([
              400, -2013,
            ]);
          await world.btc.cancel(seq, ME);
        });
      });

      describe("openOrders", () => {
        it("are the account's, of one symbol or of all, without what is closed", async () => {
          const mine = 17;
          const one = await world.btc.limit("SELL", "20003", "1", mine);
          const closed = await world.btc.limit("SELL", "20004", "1", mine);
          await world.btc.cancel(closed.seq, mine);
          const two = await settled(world.eth.limit("BUY", "900", "1", mine));
          const ids = async (query: string) =>
            (await api.get<Body[]>(`/openOrders${query}`, mine)).map((order) => [
              ...[order["symbol"], order["orderId"]],
            ]);
          expect(await ids("")).to.deep.equal([
            ["BTCUSDT", one.seq],
            ["ETHUSDT", two.seq],
          ]);
          expect(await ids("?symbol=ETHUSDT")).to.deep.equal([["ETHUSDT", two.seq]]);
          expect(await api.get("/openOrders", 18)).to.deep.equal([]);
          await Promise.all([world.btc.cancel(one.seq, mine), world.eth.cancel(two.seq, mine)]);
        });
      });

      describe("account", () => {
        it("tells what an order holds, and what a fill moved, at once", async () => {
          const account = 37;
          const balances = async () => {
            const found = await api.get<{ balances: Body[] }>("/account", account);
            return new Map(found.balances.map(({ asset, free, locked }) => [asset, [free, locked]]));
          };
          const numbers = async (asset: string) => (await balances()).get(asset)?.map(Number) ?? [];
          const [free = 0] = await numbers("USDT");
          const [coins = 0] = await numbers("BTC");
          const { seq } = await settled(world.btc.limit("BUY", "15000", "2", account));
          expect(await numbers("USDT")).to.deep.equal([free - 30_000, 30_000]);
          await settled(world.btc.limit("SELL", "15000", "0.5", OTHER));
          expect(await numbers("USDT")).to.deep.equal([free - 30_000, 22_500]);
          expect(await numbers("BTC")).to.deep.equal([coins + 0.5, 0]);
          await settled(world.btc.cancel(seq, account));
          expect(await numbers("USDT")).to.deep.equal([free - 7_500, 0]);
        });
      });

      describe("myTrades", () => {
        const me = 47;
        let maker: number;
        let other: number;

        before(async () => {
          maker = (await world.btc.limit("BUY", "19000", "1", me)).seq;
          await world.btc.market("SELL", "0.1", OTHER);
          other = (await world.btc.limit("BUY", "19001", "0.2", OTHER)).seq;
          await world.btc.market("SELL", "0.2", me);
          await settled(world.btc.market("SELL", "0.3", me));
        });
        after(() => world.btc.cancel(maker, me));

        const ids = async (query: string) =>
          (await api.get<Body[]>(`/myTrades?symbol=BTCUSDT&fromId=${maker * 1_000}&${query}`, me)).map(
            (trade) => [trade["id"], trade["orderId"], trade["isBuyer"], trade["isMaker"]],
          );

        it("tell each trade from the account's side, and a trade with itself from both", async () => {
          expect(other).to.equal(maker + 2);
          expect(await ids("")).to.deep.equal([
            [(maker + 1) * 1_000, maker, true, true],
            [(maker + 3) * 1_000, maker + 3, false, false],
            [(maker + 4) * 1_000, maker + 4, false, false],
            [(maker + 4) * 1_000, maker, true, true],
          ]);
          const [first] = await api.get<Body[]>(
            `/myTrades?symbol=BTCUSDT&limit=1&fromId=${maker * 1_000}`,
            me,
          );
          const { time, ...rest } = first ?? {};
          expect(time).to.be.a("number");
          expect(rest).to.deep.equal({
            symbol: "BTCUSDT",
            id: (maker + 1) * 1_000,
            orderId: maker,
            orderListId: -1,
            price: "19000.00000000",
            qty: "0.10000000",
            quoteQty: "1900.00000000",
            commission: "0.00000000",
            commissionAsset: "BTC",
            isBuyer: true,
            isMaker: true,
            isBestMatch: true,
          });
        });

        it("are the most recent within the limit, or those from an id on", async () => {
          const recent = await api.get<Body[]>("/myTrades?symbol=BTCUSDT&limit=2", me);
          expect(recent.map(({ id }) => id)).to.deep.equal([(maker + 4) * 1_000, (maker + 4) * 1_000]);
          const from = `/myTrades?symbol=BTCUSDT&fromId=${(maker + 3) * 1_000}`;
          const [next, ...more] = await api.get<Body[]>(`${from}&limit=1`, me);
          expect([next?.["id"], more]).to.deep.equal([(maker + 3) * 1_000, []]);
          expect(await api.get(from, me)).to.have.length(3);
        });

        it("are those of one order, when it is named", async () => {
          expect((await ids(`orderId=${maker}`)).map(([id]) => id)).to.deep.equal([
            (maker + 1) * 1_000,
            (maker + 4) * 1_000,
          ]);
        });
      });
    });

  // Behind the others, for it leaves an order in the book.
  describe("answered from both at once", () => {
    it("tells trades once of which some are projected and some are not", async () => {
      const me = 18;
      await world.btc.limit("BUY", "18000", "1", me);
      await world.btc.market("SELL", "0.1", OTHER);
      await world.settle("the projection");
      await world.play("memory, with the projection blocked");
      await world.btc.market("SELL", "0.2", OTHER);
      const quantities = async () =>
        (await api.get<Body[]>("/myTrades?symbol=BTCUSDT", me)).map(({ qty }) => qty);
      expect(await quantities()).to.deep.equal(["0.10000000", "0.20000000"]);
      await world.unblock();
      expect(await quantities()).to.deep.equal(["0.10000000", "0.20000000"]);
    });

    it("tells every balance of an account, and who asked", async () => {
      const found = await api.get("/account", 18);
      expect(found).to.include({ uid: 18, accountType: "SPOT", canTrade: true, makerCommission: 0 });
      const { balances } = found as { balances: Body[] };
      expect(balances.map(({ asset }) => asset)).to.deep.equal(["BTC", "ETH", "USDT"]);
      expect((await api.get<{ balances: Body[] }>("/account", 28)).balances).to.deep.equal([]);
    });
  });

  describe("refuses", () => {
    for (const [what, query, code] of [
      ["an order that was never placed", "symbol=BTCUSDT&orderId=999999", -2013],
      ["a client order id that nobody has", "symbol=ETHUSDT&origClientOrderId=nothing", -2013],
      ["two ids that differ", "symbol=BTCUSDT&orderId=1&origClientOrderId=another", -2039],
      ["no id", "symbol=BTCUSDT", -1102],
      ["an empty id", "symbol=BTCUSDT&orderId=", -1105],
      ["an id that is none", "symbol=BTCUSDT&orderId=1x", -1100],
      ["no symbol", "orderId=1", -1102],
    ] as const)
      it(`${what} with ${code}`, async () => {
        expect(await api.refusal(`/order?${query}`)).to.deep.equal([400, code]);
      });

    it("to narrow trades by what it cannot, rather than to ignore it", async () => {
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
        expect(readListenKey(SEAL_KEY, one, Date.now())).to.include({ accountId: ME });
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
