import { until } from "@castle/lab/processes/until.ts";
import { formatAmount } from "@castle/services/kernel/domain/amount.ts";
import type { Side } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { expect } from "chai";
import type { Snapshot } from "../market-data/support/local-book.ts";
import { type Body, type QueryApi, rateLimits } from "./support/query-api.ts";
import { QueryWorld } from "./support/query-world.ts";

const [ME, OTHER] = [7, 8];

/** A book as outcomes tell it. */
class ToldBook {
  readonly #levels: Readonly<Record<Side, Map<bigint, bigint>>> = { BUY: new Map(), SELL: new Map() };

  take({ levels }: Outcome): void {
    for (const { side, price, quantity } of levels)
      if (quantity === "0") this.#levels[side].delete(BigInt(price));
      else this.#levels[side].set(BigInt(price), BigInt(quantity));
  }

  side(side: Side): [string, string][] {
    return [...this.#levels[side]]
      .sort(([a], [b]) => Number(side === "BUY" ? b - a : a - b))
      .map(([price, quantity]) => [formatAmount(price), formatAmount(quantity)]);
  }
}

describe("questions about a market, on a real database and engine", () => {
  let world: QueryWorld;
  let api: QueryApi;

  before(async () => {
    world = await QueryWorld.start();
    ({ api } = world);
  });
  after(() => world?.stop());

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
          { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
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
      await world.btc.limit("BUY", "99", "1", ME);
      await world.btc.limit("BUY", "99.5", "2", ME);
      await world.btc.limit("BUY", "99.5", "0.25", OTHER);
      await world.btc.market("SELL", "0.05", OTHER);
      await world.btc.limit("SELL", "101", "1", ME);
      await world.btc.limit("SELL", "100.5", "3", ME);
      const gone = await world.btc.limit("SELL", "100.4", "3", ME);
      const last = await world.btc.cancel(gone.seq, ME);
      await until(async () => (await api.get<Snapshot>("/depth?symbol=BTCUSDT")).lastUpdateId === last.seq, {
        what: "a depth that is not older",
        withinMs: 5_000,
      });
      expect(await api.get("/depth?symbol=BTCUSDT")).to.deep.equal({
        lastUpdateId: last.seq,
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
      const told = new ToldBook();
      const take = (outcome: Outcome): Outcome => {
        told.take(outcome);
        books.set(outcome.seq, { bids: told.side("BUY"), asks: told.side("SELL") });
        return outcome;
      };
      take(await world.eth.limit("BUY", "90", "1", ME));
      let done = false;
      const trading = (async () => {
        for (let n = 0; n < 80; n++) {
          const { seq } = take(await world.eth.limit("BUY", `9${n % 10}`, "1", ME));
          if (n % 2 === 0) take(await world.eth.cancel(seq, ME));
          if (n % 10 === 9) take(await world.eth.market("SELL", "1.5", OTHER));
        }
        done = true;
      })();
      const answers: Snapshot[] = [];
      const ask = async (): Promise<void> => {
        while (!done) answers.push(await api.get<Snapshot>("/depth?symbol=ETHUSDT"));
      };
      await Promise.all([trading, ask(), ask()]);
      for (const { lastUpdateId, ...book } of answers)
        if (lastUpdateId > 0) expect(book).to.deep.equal(books.get(lastUpdateId));
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
      const maker = await world.btc.limit("BUY", "100", "1", ME);
      const fills: Outcome[] = [];
      for (let n = 0; n < 3; n++) fills.push(await world.btc.market("SELL", "0.1", OTHER));
      await world.settle("the projection");
      const trades = await api.get<Body[]>("/trades?symbol=BTCUSDT&limit=2");
      expect(trades.map((trade) => trade["id"])).to.deep.equal([
        ...[(maker.seq + 2) * 1_000, (maker.seq + 3) * 1_000],
      ]);
      expect(trades[0]).to.deep.equal({
        id: (maker.seq + 2) * 1_000,
        price: "100.00000000",
        qty: "0.10000000",
        quoteQty: "10.00000000",
        time: fills[1]?.time,
        isBuyerMaker: true,
        isBestMatch: true,
      });
    });

    it("are none where there were none", async () => {
      expect(await api.get("/trades?symbol=ETHUSDT&limit=1")).to.have.length(1);
      await world.cell.db("trade").where({ symbol: "ETHUSDT" }).delete();
      expect(await api.get("/trades?symbol=ETHUSDT")).to.deep.equal([]);
    });
  });

  describe("while the database is dead", () => {
    it("says that nothing was executed, and to try again; and answers when it is back", async () => {
      const { database } = world.cell.servers;
      await database.daemon.kill();
      const answers = async (path: string) => {
        const { status, body } = await api.ask("GET", path);
        return [status, (body as Body)["code"]];
      };
      expect(await answers("/trades?symbol=BTCUSDT")).to.deep.equal([503, -1001]);
      await until(async () => (await answers("/openOrders")).join() === "503,-1001", {
        what: "the engine to say that it does not lead",
        withinMs: 60_000,
      });
      await database.start();
      await until(async () => (await api.ask("GET", "/depth?symbol=BTCUSDT")).status === 200, {
        what: "the engine to lead again",
        withinMs: 60_000,
      });
      expect(await api.get("/trades?symbol=BTCUSDT&limit=1")).to.be.an("array");
    });
  });
});
