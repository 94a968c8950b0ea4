import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiErrors } from "@castle/services/kernel/http/errors.ts";
import { readParameters } from "@castle/services/kernel/http/received.ts";
import { createLogger } from "@castle/services/kernel/log.ts";
import { depth } from "@castle/services/order-gateway/queries/index.ts";
import { expect } from "chai";
import express from "express";
import fc from "fast-check";
import { AppliedMarket } from "./support/applied-market.ts";
import { LocalBook, type Snapshot, type Update } from "./support/local-book.ts";
import { MarketDataCell } from "./support/market-data-cell.ts";

type Action = { readonly kind: "bid" | "ask" | "cancel" | "take" | "refuse"; readonly pick: number };
/** What becomes of the message about a command. */
type Fate = "told" | "lost";

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom("bid", "bid", "ask", "ask", "cancel", "take", "refuse"),
  pick: fc.nat(1_000),
});
const traffic = fc.array(fc.record({ action, fate: fc.constantFrom<Fate>("told", "told", "told", "lost") }), {
  minLength: 10,
  maxLength: 30,
});

describe("the snapshot rule: buffer the depth stream, take GET /api/v3/depth, apply", () => {
  let cell: MarketDataCell;
  let market: AppliedMarket;
  let api: Server;

  before(async () => {
    cell = await MarketDataCell.start();
    market = await AppliedMarket.open(cell.db, "BTCUSDT");
    for (let n = 0; n < 5; n++) await act({ kind: n % 2 === 0 ? "bid" : "ask", pick: n });
    await cell.startService();
    const app = express();
    app.use(readParameters());
    app.get("/api/v3/depth", depth({ db: cell.db, markets: cell.config.symbols }));
    app.use(apiErrors(createLogger(cell.config)));
    api = createServer(app).listen(0, "127.0.0.1");
    await once(api, "listening");
  });
  afterEach(() => cell.endClients());
  after(async () => {
    api?.close();
    await cell?.stop();
  });

  async function snapshot(): Promise<Snapshot> {
    const { port } = api.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/v3/depth?symbol=BTCUSDT&limit=5000`);
    expect(response.status).to.equal(200);
    return (await response.json()) as Snapshot;
  }

  /** Bids stand below 110, asks from there on, so that nothing crosses. */
  function act({ kind, pick }: Action) {
    const open = market.openOrderIds;
    const chosen = open[pick % Math.max(open.length, 1)];
    const quantity = `0.${1 + (pick % 9)}`;
    if (kind === "bid") return market.rest("BUY", String(100 + (pick % 10)), quantity);
    if (kind === "ask") return market.rest("SELL", String(110 + (pick % 10)), quantity);
    if (kind === "refuse" || chosen === undefined) return market.refuseCancel();
    return kind === "cancel" ? market.cancel(chosen) : market.take(chosen, market.remaining(chosen, 2n));
  }

  it("gives the book that stands, whenever the snapshot is taken and whatever messages are lost", async () => {
    await fc.assert(
      fc.asyncProperty(traffic, fc.nat(), async (commands, cut) => {
        const client = await cell.connect("/ws/btcusdt@depth@100ms");
        const play = async (part: typeof commands) => {
          for (const { action, fate } of part) {
            const outcome = await act(action);
            if (fate === "told") await cell.publish(outcome);
          }
        };
        const at = 1 + (cut % (commands.length - 1));
        await play(commands.slice(0, at));
        await client.until("the stream has begun", (messages) => messages.length > 0);
        const [taken] = await Promise.all([snapshot(), play(commands.slice(at))]);
        await client.until("the stream has told it all", (messages) => messages.at(-1)?.["u"] === market.seq);
        const updates = client.messages as unknown as Update[];

        const own = new LocalBook(taken);
        for (const update of updates) own.apply(update);
        expect(own.toSnapshot(), "as the database shows it").to.deep.equal(await snapshot());
        expect(own.toSnapshot(), "as the orders sum up").to.deep.equal({
          lastUpdateId: market.seq,
          bids: market.book("BUY"),
          asks: market.book("SELL"),
        });
        client.end();
      }),
      { numRuns: 6 },
    );
  });
});
