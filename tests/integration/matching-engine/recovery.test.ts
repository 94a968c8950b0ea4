import { epoch } from "@castle/regions/epoch.ts";
import { PipelinedConnection } from "@castle/services/kernel/database/pipelined.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { type Recovered, recover } from "@castle/services/matching-engine/recovery/recover.ts";
import { expect } from "chai";
import fc from "fast-check";
import type { Knex } from "knex";
import { amount, limit } from "../../unit/matching-engine/support/orders.ts";
import { randomIntent } from "../../unit/matching-engine/support/random-intents.ts";
import { snapshot } from "../../unit/matching-engine/support/snapshot.ts";
import { BTC, ETH, intentOf, Trading } from "../../unit/matching-engine/support/trading.ts";
import { SYMBOLS } from "../support/active-cell.ts";
import { patientPool } from "../support/patient-pool.ts";
import { project } from "../support/project.ts";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { appendToLog, clearCell } from "./support/cell-log.ts";

const markets = SYMBOLS.map(symbolNamed);
const byClientId = (origClientOrderId: string) =>
  ({ kind: "cancel-by-client-id", origClientOrderId }) as const;

/** A life of an engine: what it sequenced, in that order, and what it applied, in that one. */
class Life {
  readonly trading = new Trading();
  readonly sequenced: AcceptedCommand[] = [];

  constructor() {
    for (const accountId of [1, 2, 3])
      for (const asset of ["BTC", "ETH", "USDT"]) {
        const deposit = { kind: "deposit", asset, amount: amount("50") } as const;
        this.sequence(intentOf(`fund-${asset}`, deposit, { accountId }));
      }
    this.trading.applyAll();
  }

  sequence(intent: Intent): void {
    const accepted = this.trading.sequence(intent);
    if (accepted) this.sequenced.push(accepted);
  }

  play(intent: Intent): void {
    this.sequence(intent);
    this.trading.applyAll();
  }
}

function neverSentBefore({ command, ...intent }: Intent, n: number): Intent {
  if (intent.stream === "wallet") return { ...intent, clientId: `later-${n}`, command };
  const { idempotencyKey: _, ...bare } = { idempotencyKey: "", ...command };
  return { ...intent, command: bare as Intent["command"] };
}

describe("an engine that begins with what the database holds", () => {
  let servers: CellServers;
  let db: Knex;

  before(async () => {
    servers = await startCellServers({ bootstrap: { region: "eu-west-1", symbols: SYMBOLS } });
    db = patientPool(servers.databaseUrl);
  });
  after(async () => {
    await db?.destroy();
    await servers?.stop();
  });
  beforeEach(() => clearCell(db));

  /** The database as that life left it: everything logged, and so much of what was applied projected. */
  async function leave({ trading, sequenced }: Life, projected: number): Promise<void> {
    await clearCell(db);
    await appendToLog(db, sequenced);
    await project(servers.databaseUrl, trading.applied.slice(0, projected));
  }
  async function recovered(inEpoch = 1): Promise<Recovered> {
    const connection = await PipelinedConnection.open(servers.databaseUrl, {
      ...{ name: "recovery", connectWithinMs: 60_000 },
      onLost: () => undefined,
    });
    return recover(connection, markets, epoch(inEpoch)).finally(() => connection.close());
  }
  /** As an applier does when everything is durable. */
  function applyTail({ state }: Recovered): string[] {
    const outcomes: string[] = [];
    for (;;) {
      const [first] = [...state.streams]
        .flatMap(([stream, { pending }]) => (pending.next ? [{ stream, at: pending.next.acceptedAt }] : []))
        .sort((a, b) => a.at - b.at);
      if (!first) return outcomes;
      outcomes.push(JSON.stringify(state.applyNext(first.stream).applied.outcome));
    }
  }

  it("goes on from any projection, with the log behind it, as the one that never stopped", async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: randomIntent.map((intent) => ({ intent })) },
      { weight: 2, arbitrary: fc.constant({ intent: null }) },
    );
    const lives = fc.record({
      steps: fc.array(step, { minLength: 20, maxLength: 120, size: "max" }),
      projected: fc.double({ min: 0, max: 1, noNaN: true }),
      after: fc.array(randomIntent, { maxLength: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(lives, async ({ steps, projected: share, after }) => {
        const life = new Life();
        const { trading } = life;
        for (const { intent } of steps)
          if (intent) life.sequence(intent);
          else trading.applyAll();
        trading.applyAll();
        const count = Math.round(share * trading.applied.length);
        await leave(life, count);

        const found = await recovered();
        for (const [stream, { pending }] of trading.state.streams)
          expect(found.state.lastSeq(stream), `${stream}, before its tail is applied`).to.equal(
            pending.lastSeq,
          );
        expect(applyTail(found)).to.deep.equal(trading.applied.slice(count).map(({ outcome }) => outcome));
        expect(snapshot(found.state)).to.deep.equal(snapshot(trading.state));

        // And it decides as that one would. First results, which it asks the database for, aside.
        for (const [n, drawn] of after.entries()) {
          const intent = neverSentBefore(drawn, n);
          const twin = new Trading(found.state, trading.now);
          expect(twin.sequence(intent)).to.deep.equal(trading.sequence(intent));
          expect(snapshot(found.state)).to.deep.equal(snapshot(trading.state));
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it("finds the newest order under a client order id that was used again in another market", async () => {
    const life = new Life();
    const bid = limit("BUY", "1", "10");
    life.play(intentOf("again", bid, { stream: ETH }));
    life.play(intentOf("c1", byClientId("again"), { stream: ETH }));
    life.play(intentOf("again", bid));
    await leave(life, 9);
    const found = await recovered();
    applyTail(found);
    expect(found.state.orders.byClientId(1, "again")).to.include({ stream: BTC, orderId: 1 });
    expect([...found.state.orders.of(1)].map(({ stream }) => stream)).to.deep.equal([BTC]);
  });

  it("reserves what the tail will hold, so that nothing is promised twice", async () => {
    const life = new Life();
    life.sequence(intentOf("a", limit("BUY", "1", "40")));
    await leave(life, 9);
    const { state } = await recovered();
    expect(state.ledger.available(1, "USDT")).to.equal(amount("10"));
    expect(state.ledger.balances(1).get("USDT")).to.include({ free: amount("50"), locked: 0n });
  });

  it("finds a stream whose clock went back behind a handover", async () => {
    const life = new Life();
    const bid = limit("BUY", "1", "10");
    for (const clientId of ["a", "b", "c"]) life.play(intentOf(clientId, bid));
    life.sequenced.slice(-2).forEach((command, at) => {
      Object.assign(command, { acceptedAt: 500 - at });
    });
    await leave(life, 9);
    const found = await recovered();
    expect(found.state.lastSeq(BTC)).to.equal(3);
    expect(applyTail(found)).to.have.length(3);
  });

  it("knows of each stream where it is projected, and what earlier epochs left", async () => {
    const life = new Life();
    const bid = limit("BUY", "1", "10");
    for (const clientId of ["a", "b", "c"]) life.play(intentOf(clientId, bid));
    life.play(intentOf("e", bid, { stream: ETH }));
    const [third, ofEth] = life.sequenced.slice(-2) as [AcceptedCommand, AcceptedCommand];
    Object.assign(third, { epoch: epoch(2) });
    Object.assign(ofEth, { epoch: epoch(2) });
    await leave(life, 10);
    const { projected, endOfEarlierEpochs, lastAcceptedAt, missing } = await recovered(2);
    expect(projected).to.deep.equal(
      new Map([
        [BTC, 1],
        [ETH, 0],
        ["wallet", 9],
      ]),
    );
    expect(endOfEarlierEpochs).to.deep.equal(
      new Map([
        [BTC, 2],
        [ETH, 0],
        ["wallet", 9],
      ]),
    );
    expect(lastAcceptedAt).to.equal(ofEth.acceptedAt);
    expect(missing).to.deep.equal([]);
  });

  it("reads page after page, of orders, accounts, balances and the log", async function () {
    this.timeout(240_000);
    const [orders, tail] = [7_000, 6_000];
    await db.raw(
      `insert into orders (symbol, order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty,
         executed_qty, cummulative_quote_qty, hold_asset, hold_left, status, time, update_time)
       select 'BTCUSDT', n, n, 'o' || n, 'BUY', 'LIMIT', 'GTC', 1000000 + n::bigint * 1000000, 100000000, 0, 0, 'USDT',
         1000000 + n::bigint * 1000000, 'NEW', n, n from generate_series(1, ?::int) n`,
      [orders],
    );
    await db.raw(
      "insert into balance select n, a, 5, 6 from generate_series(1, 4000) n, unnest(array['BTC', 'USDT']) a",
    );
    await db.raw("insert into account select n, 'key' || n, 'sealed' from generate_series(1, 6000) n");
    await db.raw(
      `insert into command select 'BTCUSDT', ? + n, 1, 1, 'c' || n, 'cancel', n,
         '{"kind":"cancel","orderId":' || n || ',"origClientOrderId":""}' from generate_series(1, ?::int) n`,
      [orders, tail],
    );
    await db.raw("update stream set last_seq = ? where name = 'BTCUSDT'", [orders + tail]);
    await db.raw("update progress set applied_seq = ? where stream = 'BTCUSDT'", [orders]);
    const { state } = await recovered();
    expect(state.market(BTC)?.book.openOrders).to.equal(orders);
    expect(state.orders.byClientId(orders, `o${orders}`)?.orderId).to.equal(orders);
    expect(state.ledger.balances(4_000).get("USDT")).to.include({ free: 5n, locked: 6n });
    expect(state.stream(BTC).pending.size).to.equal(tail);
    const wallets = state.stream("wallet").machine;
    const open = { kind: "open-account", apiKey: "key6000", sealedSecret: "x" } as const;
    const taken = wallets.apply({
      ...{ stream: "wallet", seq: 1, epoch: epoch(1), accountId: 9_999, clientId: "open", acceptedAt: 1 },
      command: open,
    });
    expect(taken.outcome.error?.code).to.equal(-1130);
  });

  it("knows the price of the last trade that is projected", async () => {
    const life = new Life();
    life.play(intentOf("bid", limit("BUY", "1", "10")));
    life.play(intentOf("ask", limit("SELL", "1", "10"), { accountId: 2 }));
    await leave(life, life.trading.applied.length);
    expect((await recovered()).state.stream(BTC).lastPrice).to.equal(amount("10"));
  });

  it("names the symbols that the database has no stream of, and goes on with the others", async () => {
    const connection = await PipelinedConnection.open(servers.databaseUrl, {
      ...{ name: "recovery", connectWithinMs: 60_000 },
      onLost: () => undefined,
    });
    const { missing, state } = await recover(
      connection,
      [...markets, symbolNamed("ADAUSDT")],
      epoch(1),
    ).finally(() => connection.close());
    expect(missing).to.deep.equal(["ADAUSDT"]);
    expect([...state.streams.keys()]).to.have.members([BTC, ETH, "wallet"]);
  });
});
