import { type Intent, isCommand } from "@castle/lab/traders/intent.ts";
import { fundsFor, MidPrice } from "@castle/lab/traders/mid-price.ts";
import { OrderFlow } from "@castle/lab/traders/order-flow.ts";
import { Random } from "@castle/lab/traders/random.ts";
import { notional, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import { symbolNamed, symbols } from "@castle/services/kernel/domain/symbols.ts";
import { expect } from "chai";

const markets = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

function flowOf(slots: number, seed = 7, names: readonly string[] = markets): Intent[] {
  const flow = new OrderFlow({ seed, traders: 100, symbols: names, prefix: "t" });
  return Array.from({ length: slots }, () => flow.next());
}

describe("what the traders send", () => {
  const long = flowOf(20_000);
  const places = long.filter((intent) => intent.kind === "place");

  it("depends on the seed alone", () => {
    expect(flowOf(3_000, 11)).to.deep.equal(flowOf(3_000, 11));
    expect(flowOf(3_000, 12)).not.to.deep.equal(flowOf(3_000, 11));
  });

  it("comes from every account and goes to every market", () => {
    expect(new Set(long.map(({ trader }) => trader)).size).to.equal(100);
    expect(new Set(places.map(({ symbol }) => symbol))).to.deep.equal(new Set(markets));
  });

  it("is of every kind, type, time in force and kind of answer", () => {
    expect(new Set(long.map(({ kind }) => kind))).to.deep.equal(
      new Set(["place", "cancel", "query-order", "depth", "account"]),
    );
    expect(new Set(places.map(({ type, timeInForce }) => `${type} ${timeInForce}`))).to.deep.equal(
      new Set(["LIMIT GTC", "LIMIT IOC", "LIMIT FOK", "LIMIT_MAKER null", "MARKET null"]),
    );
    expect(new Set(places.map(({ answer }) => answer))).to.deep.equal(new Set(["ACK", "RESULT", "FULL"]));
    expect(places.some(({ quoteOrderQty }) => quoteOrderQty !== null)).to.equal(true);
  });

  it("is mostly commands", () => {
    expect(long.filter(isCommand).length / long.length).to.be.within(0.75, 0.9);
  });

  it("names every command with an id of its own, of Binance's alphabet", () => {
    const ids = long.filter(isCommand).map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.every((id) => /^[a-zA-Z0-9_-]{1,36}$/.test(id))).to.equal(true);
  });

  it("cancels only orders that were placed before, by the trader who placed them, once", () => {
    const placedBy = new Map<string, number>();
    for (const intent of long) {
      if (intent.kind === "place") placedBy.set(intent.clientOrderId, intent.trader);
      if (intent.kind !== "cancel") continue;
      expect(placedBy.get(intent.origClientOrderId)).to.equal(intent.trader);
      placedBy.delete(intent.origClientOrderId);
    }
  });

  it("keeps a few hundred orders in each market, however long it goes on", () => {
    const resting = new Map<string, string>();
    for (const intent of flowOf(60_000)) {
      if (intent.kind === "cancel") resting.delete(intent.origClientOrderId);
      if (intent.kind === "place" && (intent.timeInForce === "GTC" || intent.type === "LIMIT_MAKER"))
        resting.set(intent.clientOrderId, intent.symbol);
    }
    for (const market of markets)
      expect([...resting.values()].filter((symbol) => symbol === market).length).to.be.within(100, 700);
  });

  for (const { name } of symbols)
    it(`passes every filter of ${name}`, () => {
      const { tickSize, stepSize, minPrice, maxPrice, minQuantity, maxQuantity, minNotional } =
        symbolNamed(name);
      for (const intent of flowOf(5_000, 3, [name])) {
        if (intent.kind !== "place") continue;
        const price = intent.price === null ? null : (parseAmount(intent.price) ?? -1n);
        const quantity = intent.quantity === null ? null : (parseAmount(intent.quantity) ?? -1n);
        if (price !== null)
          expect(price >= minPrice && price <= maxPrice && price % tickSize === 0n).to.equal(true);
        if (quantity !== null)
          expect(quantity >= minQuantity && quantity <= maxQuantity && quantity % stepSize === 0n).to.equal(
            true,
          );
        if (price !== null && quantity !== null)
          expect(notional(price, quantity) >= minNotional).to.equal(true);
        if (intent.quoteOrderQty !== null)
          expect((parseAmount(intent.quoteOrderQty) ?? 0n) >= minNotional).to.equal(true);
      }
    });

  it("is small against what every account is given", () => {
    const funds = fundsFor(markets);
    const worths = places.map(({ price, quantity }) =>
      notional(parseAmount(price ?? "0") ?? 0n, parseAmount(quantity ?? "0") ?? 0n),
    );
    expect(worths.every((worth) => worth * 1_000n < (funds["USDT"] ?? 0n))).to.equal(true);
  });

  it("refuses a market that Castle does not list", () => {
    expect(() => flowOf(1, 1, ["DOGEUSDT"])).to.throw(/symbol "DOGEUSDT" is not in/);
  });
});

describe("the mid price", () => {
  it("moves slowly: never more than 0.05 % in a hundred requests", () => {
    const market = new MidPrice("BTCUSDT");
    for (let slot = 0; slot < 40_000; slot += 100) {
      const [before, after] = [Number(market.price(slot, 0)), Number(market.price(slot + 100, 0))];
      expect(Math.abs(after - before) / before).to.be.lessThan(0.0005);
    }
  });
});

describe("the traders' dice", () => {
  it("pick each name as often as its weight says", () => {
    const random = new Random(5);
    const counts = { seldom: 0, often: 0, never: 0 };
    for (let n = 0; n < 10_000; n++) counts[random.weighted({ seldom: 1, often: 3, never: 0 })] += 1;
    expect(counts.never).to.equal(0);
    expect(counts.often / counts.seldom).to.be.within(2.7, 3.3);
  });

  it("refuse to pick from nothing", () => {
    expect(() => new Random(1).pick([])).to.throw(/the list is empty/);
  });
});
