import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { AppliedMarket, timeOf } from "../market-data/support/applied-market.ts";
import type { Snapshot } from "../market-data/support/local-book.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { type Body, QueryApi, rateLimits } from "./support/query-api.ts";

describe("questions about a market, on a real database", () => {
  let servers: CellServers;
  let db: Knex;
  let api: QueryApi;
  let market: AppliedMarket;

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: ["BTCUSDT", "ETHUSDT"] } });
    db = connectDatabase(servers.databaseUrl, { name: "test", max: 5 });
    api = await QueryApi.listen(db, Buffer.alloc(32));
    market = await AppliedMarket.open(db, "BTCUSDT");
  });
  after(async () => {
    api?.close();
    await db?.destroy();
    await servers?.stop();
  });

  it("answers ping and time", async () => {
    expect(await api.get("/ping")).to.deep.equal({});
    expect(await api.get("/time")).to.deep.equal({ serverTime: 1_234 });
  });

  describe("exchangeInfo", () => {
    it("tells the cell's symbols with their filters, and the limits", async () => {
      const info = await api.get<Body & { symbols: Body[] }>("/exchangeInfo");
      expect(info).to.deep.include({ timezone: "UTC", serverTime: 1_234, rateLimits, exchangeFilters: [] });
      expect(info.symbols.map((symbol) => symbol["symbol"])).to.deep.equal(["BTCUSDT", "ETHUSDT"]);
      expect(info.symbols[0]).to.deep.include({
        status: "TRADING",
        baseAsset: "BTC",
        quoteAsset: "USDT",
        orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
        filters: [
          {
            filterType: "PRICE_FILTER",
            minPrice: "0.01000000",
            maxPrice: "1000000.00000000",
            tickSize: "0.01000000",
          },
          { filterType: "LOT_SIZE", minQty: "0.00001000", maxQty: "9000.00000000", stepSize: "0.00001000" },
          {
            filterType: "NOTIONAL",
            minNotional: "5.00000000",
            applyMinToMarket: true,
            maxNotional: "9000000000.00000000",
            applyMaxToMarket: false,
            avgPriceMins: 0,
          },
        ],
      });
    });

    it("tells the symbols that are asked for", async () => {
      for (const query of ["symbol=ETHUSDT", `symbols=${encodeURIComponent('["ETHUSDT"]')}`]) {
        const { symbols } = await api.get<{ symbols: Body[] }>(`/exchangeInfo?${query}`);
        expect(symbols.map((symbol) => symbol["symbol"])).to.deep.equal(["ETHUSDT"]);
      }
    });

    for (const [query, code] of [
      ["symbol=XXX", -1121],
      ["symbols=%5B%22XXX%22%5D", -1121],
      ["symbols=ETHUSDT", -1130],
      ["symbols=%5B%5D", -1130],
      ["symbol=ETHUSDT&symbols=%5B%22ETHUSDT%22%5D", -1106],
    ] as const)
      it(`refuses ${decodeURIComponent(query)} with ${code}`, async () => {
        expect(await api.refusal(`/exchangeInfo?${query}`)).to.deep.equal([400, code]);
      });
  });

  describe("depth", () => {
    it("is empty, at the applied seq, for a market without orders", async () => {
      expect(await api.get("/depth?symbol=ETHUSDT")).to.deep.equal({ lastUpdateId: 0, bids: [], asks: [] });
    });

    it("sums what open orders have left at each price, the best first", async () => {
      await market.rest("BUY", "99", "1");
      await market.rest("BUY", "99.5", "2");
      await market.rest("BUY", "99.5", "0.25");
      await market.take(market.seq, "0.05");
      await market.rest("SELL", "101", "1");
      await market.rest("SELL", "100.5", "3");
      await market.rest("SELL", "100.4", "3");
      await market.cancel(market.seq);
      expect(await api.get("/depth?symbol=BTCUSDT")).to.deep.equal({
        lastUpdateId: market.seq,
        bids: [
          ["99.50000000", "2.20000000"],
          ["99.00000000", "1.00000000"],
        ],
        asks: [
          ["100.50000000", "3.00000000"],
          ["101.00000000", "1.00000000"],
        ],
      });
    });

    it("gives the best levels when fewer are asked for", async () => {
      const { bids, asks } = await api.get<Snapshot>("/depth?symbol=BTCUSDT&limit=1");
      expect({ bids, asks }).to.deep.equal({
        bids: [["99.50000000", "2.20000000"]],
        asks: [["100.50000000", "3.00000000"]],
      });
    });

    it("never mixes two moments: each answer is the book at its lastUpdateId, while orders come", async () => {
      const books = new Map<number, Omit<Snapshot, "lastUpdateId">>();
      const remember = () => books.set(market.seq, { bids: market.book("BUY"), asks: market.book("SELL") });
      remember();
      let done = false;
      const trading = (async () => {
        for (let n = 0; n < 60; n++) {
          await (n % 2 === 0 ? market.rest("BUY", `9${n % 10}`, "1") : market.cancel(market.seq));
          remember();
        }
        done = true;
      })();
      const answers: Snapshot[] = [];
      const ask = async (): Promise<void> => {
        while (!done) answers.push(await api.get<Snapshot>("/depth?symbol=BTCUSDT"));
      };
      await Promise.all([trading, ask(), ask()]);
      for (const { lastUpdateId, ...book } of answers) expect(book).to.deep.equal(books.get(lastUpdateId));
      const seen = new Set(answers.map((answer) => answer.lastUpdateId));
      expect(seen.size).to.be.greaterThan(3);
    });

    for (const [query, code] of [
      ["", -1102],
      ["symbol=btcusdt", -1121],
      ["symbol=BTCUSDT&limit=0", -1130],
      ["symbol=BTCUSDT&limit=ten", -1100],
      ["symbol=BTCUSDT&symbol=ETHUSDT", -1101],
    ] as const)
      it(`refuses "${query}" with ${code}`, async () => {
        expect(await api.refusal(`/depth?${query}`)).to.deep.equal([400, code]);
      });
  });

  describe("trades", () => {
    it("are the most recent, oldest first", async () => {
      const maker = (await market.rest("SELL", "200", "1")).seq;
      for (let n = 0; n < 3; n++) await market.take(maker, "0.1");
      const trades = await api.get<Body[]>("/trades?symbol=BTCUSDT&limit=2");
      expect(trades.map((trade) => trade["id"])).to.deep.equal([(maker + 2) * 1_000, (maker + 3) * 1_000]);
      expect(trades[0]).to.deep.equal({
        id: (maker + 2) * 1_000,
        price: "200.00000000",
        qty: "0.10000000",
        quoteQty: "20.00000000",
        time: timeOf(maker + 2),
        isBuyerMaker: false,
        isBestMatch: true,
      });
    });

    it("are none where there were none", async () => {
      expect(await api.get("/trades?symbol=ETHUSDT")).to.deep.equal([]);
    });
  });

  it("says that nothing was executed, and to try again, while the database is dead", async () => {
    await servers.database.daemon.kill();
    expect(await api.refusal("/depth?symbol=BTCUSDT")).to.deep.equal([503, -1001]);
    await servers.database.start();
    expect(await api.get("/depth?symbol=ETHUSDT")).to.include({ lastUpdateId: 0 });
  });
});
