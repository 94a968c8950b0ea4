import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { apiErrors } from "@castle/services/kernel/http/errors.ts";
import { readParameters } from "@castle/services/kernel/http/received.ts";
import { createLogger } from "@castle/services/kernel/log.ts";
import { startMarketData } from "@castle/services/market-data/market-data.ts";
import { depth } from "@castle/services/order-gateway/queries/index.ts";
import { expect } from "chai";
import express from "express";
import fc from "fast-check";
import { ActiveCell } from "../support/active-cell.ts";
import { EngineCaller } from "../support/engine-caller.ts";
import { amount, LiveMarket } from "../support/live-market.ts";
import { RunningEngine } from "../support/running-engine.ts";
import { LocalBook, type Snapshot, type Update } from "./support/local-book.ts";
import { StreamClient } from "./support/stream-client.ts";

const [MAKER, TAKER] = [1, 2];

interface Action {
  readonly kind: "bid" | "ask" | "cancel" | "take" | "nothing";
  readonly pick: number;
  /** Whether the engine loses its log, and with it every line, before this. */
  readonly restart: boolean;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom("bid", "bid", "ask", "ask", "cancel", "take", "nothing"),
  pick: fc.nat(1_000),
  restart: fc.integer({ min: 1, max: 12 }).map((n) => n === 1),
});
const traffic = fc.array(action, { minLength: 10, maxLength: 25, size: "max" });

describe("the snapshot rule: buffer the depth stream, take GET /api/v3/depth, apply", () => {
  let cell: ActiveCell;
  let engine: RunningEngine;
  let caller: EngineCaller;
  let market: LiveMarket;
  let service: Awaited<ReturnType<typeof startMarketData>>;
  let api: Server;
  const resting: Outcome[] = [];

  before(async () => {
    cell = await ActiveCell.start();
    for (const asset of ["BTC", "USDT"]) await cell.fund([MAKER, TAKER], asset, amount("1000000"));
    engine = await RunningEngine.start(cell);
    caller = await EngineCaller.start(cell);
    await caller.ready();
    market = new LiveMarket(caller, "BTCUSDT");
    for (let pick = 0; pick < 5; pick++)
      await act({ kind: pick % 2 === 0 ? "bid" : "ask", pick, restart: false });
    const config = cell.config("market-data", "market-data-0");
    service = await startMarketData({ config, log: createLogger(config), witness: cell.witness });
    const app = express();
    app.use(readParameters());
    app.get("/api/v3/depth", depth({ engine: caller.requests, markets: config.symbols }));
    app.use(apiErrors(createLogger(config)));
    api = createServer(app).listen(0, "127.0.0.1");
    await once(api, "listening");
  });
  after(async () => {
    api?.close();
    await service?.stop();
    await caller?.stop();
    await engine?.stop();
    await cell?.stop();
  });

  const connect = async (): Promise<StreamClient> => {
    for (;;) {
      const url = `ws://127.0.0.1:${service.port}/ws/btcusdt@depth@100ms`;
      const client = await StreamClient.connect(url).catch(() => null);
      if (client) return client;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const snapshot = async (): Promise<Snapshot> => {
    const { port } = api.address() as AddressInfo;
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/api/v3/depth?symbol=BTCUSDT&limit=5000`);
      // Between two generations nobody can say what the book is.
      if (response.status === 200) return (await response.json()) as Snapshot;
      expect(response.status).to.equal(503);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  /** Bids stand below 110, asks from there on, so that nothing crosses but what is to. */
  async function act({ kind, pick, restart }: Action): Promise<Outcome> {
    if (restart) await restarted();
    const quantity = `0.${1 + (pick % 9)}`;
    if (kind === "bid" || kind === "ask") {
      const [side, from] = kind === "bid" ? (["BUY", 100] as const) : (["SELL", 110] as const);
      const outcome = await market.limit(side, String(from + (pick % 10)), quantity, MAKER);
      resting.push(outcome);
      return outcome;
    }
    if (kind === "take") return market.market("SELL", "0.3", TAKER);
    const [chosen] = kind === "cancel" ? resting.splice(pick % Math.max(resting.length, 1), 1) : [];
    // One that was filled meanwhile is refused, and is no command at all.
    const cancelled = chosen && (await market.cancel(chosen.seq, MAKER).catch(() => undefined));
    return cancelled ?? market.moveNothing(TAKER);
  }

  async function restarted(): Promise<void> {
    const { generation } = caller;
    await cell.db.raw(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '% log'",
    );
    await caller.ready("open", generation + 1);
  }

  it("gives the book that stands, whenever the snapshot is taken and however often the engine begins anew", async () => {
    await fc.assert(
      fc.asyncProperty(traffic, fc.nat(), async (actions, cut) => {
        const client = await connect();
        const last = { seq: 0 };
        const play = async (part: typeof actions): Promise<void> => {
          for (const one of part) last.seq = (await act(one)).seq;
        };
        const at = 1 + (cut % (actions.length - 1));
        await play(actions.slice(0, at));
        await client.until("the stream has begun", (messages) => messages.length > 0);
        const [taken] = await Promise.all([snapshot(), play(actions.slice(at))]);
        await client.until("the stream has told it all", (messages) => messages.at(-1)?.["u"] === last.seq);
        const updates = client.messages as unknown as Update[];

        const own = new LocalBook(taken);
        for (const update of updates) own.apply(update);
        let standing = await snapshot();
        while (standing.lastUpdateId !== last.seq) standing = await snapshot();
        expect(own.toSnapshot(), "as the engine shows it").to.deep.equal(standing);
        client.end();
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
