import { setTimeout as pause } from "node:timers/promises";
import type { PathProxy } from "@castle/lab/link/path-proxy.ts";
import { until } from "@castle/lab/processes/until.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { SubmitResult } from "@castle/services/order-gateway/engine/engine-requests.ts";
import { expect } from "chai";
import { linkTo, through } from "../order-gateway/support/links.ts";
import { amount } from "../support/live-market.ts";
import { appendToLog } from "./support/cell-log.ts";
import { bid, EngineWorld, isOpenAfter, TRADERS } from "./support/engine-world.ts";

/** After it nothing that is logged is ever applied. */
const FENCED = "never acknowledges what the journal refuses, in an epoch that is over there";

const within = (what: string, withinMs = 60_000) => ({ what, withinMs });

describe("an engine that leads, with a real database and the peer's journal", () => {
  let world: EngineWorld;
  let link: PathProxy;

  const logged = () => world.cell.logged("BTCUSDT");
  const query = () => world.caller.requests;
  const balance = async (accountId = 1) =>
    (await query().query({ kind: "balances", accountId })).find(({ asset }) => asset === "USDT");
  const paired = () => until(() => world.cell.isInMode("paired"), within("the cell to be paired"));
  const kindsOf = (results: readonly SubmitResult[]): Set<string> => new Set(results.map(({ kind }) => kind));

  before(async () => {
    world = await EngineWorld.start();
    await world.stopEngine();
    link = await linkTo("journal", world.cell.servers.journal.port);
    await world.startEngine({ peerJournalUrl: through(link, world.cell.peerJournalUrl) });
    await paired();
  });
  after(async () => {
    await world?.stop();
    await link?.cut();
  });
  afterEach(async function () {
    const { state, title } = this.currentTest ?? {};
    if (state === "passed" && title !== FENCED) await world.requireWholeAndOnce();
  });

  it("answers with what came of a command, hands it out, and projects it", async () => {
    world.heard.length = 0;
    const resting = await world.btc.limit("SELL", "100", "2", 1);
    const taking = await world.btc.limit("BUY", "100", "0.5", 2);
    expect(taking.trades.map(({ makerOrderId, quantity }) => [makerOrderId, quantity])).to.deep.equal([
      [resting.seq, "50000000"],
    ]);
    await until(() => world.heard.length >= 2, within("both to be handed out"));
    expect(world.heard).to.deep.equal([resting, taking]);
    const cancelled = await world.btc.cancel(resting.seq, 1);
    expect(cancelled.reports[0]).to.include({ status: "CANCELED", executedQty: "50000000" });
  });

  describe("before the journal's mark", () => {
    it("acknowledges nothing, hands nothing out, projects nothing and answers as if it were not there", async () => {
      await paired();
      const [before, seq] = [await balance(), (await logged()) + 1];
      const orders = await query().query({ kind: "open-orders", stream: null, accountId: 1 });
      world.heard.length = 0;
      const lock = await world.cell.peerJournal.transaction();
      await lock.raw("lock table high_water in access exclusive mode");
      const sent = world.submitBid("held-up");
      await until(async () => (await logged()) === seq, within("it to be logged"));
      expect(await isOpenAfter(sent, 400)).to.equal(true);
      const order = { kind: "order", stream: "BTCUSDT", accountId: 1, orderId: seq } as const;
      expect(await query().query(order)).to.deep.equal({ pending: true });
      expect(await balance()).to.deep.equal(before);
      expect(await query().query({ kind: "open-orders", stream: null, accountId: 1 })).to.deep.equal(orders);
      expect(world.heard).to.deep.equal([]);
      expect(await world.cell.db("outcome").where({ stream: "BTCUSDT", seq })).to.deep.equal([]);
      await lock.rollback();
      await until(() => world.heard.length > 0, within("it to be handed out"));
      expect(world.heard[0]).to.include({ seq, clientId: "held-up" });
      expect(await query().query(order)).to.include({ status: "NEW" });
      // Whoever asked may have been told meanwhile that nobody knows; never anything else.
      expect(["accepted", "unknown"]).to.include((await sent).kind);
    });

    it("tells those who wait that nobody knows, when the run ends; and the next one brings it there", async () => {
      await paired();
      await link.cut();
      const sent = world.submitBid("lost-sight-of");
      const seq = (await logged()) + 1;
      await until(async () => (await logged()) >= seq, within("it to be logged"));
      await world.killLog();
      expect((await sent).kind).to.equal("unknown");
      expect(await world.cell.peerJournal("entry").where({ client_id: "lost-sight-of" })).to.have.length(0);
      await link.open();
      await world.caller.ready();
      await until(
        async () =>
          (await world.cell.peerJournal("entry").where({ client_id: "lost-sight-of" })).length === 1,
        within("the journal to have it"),
      );
    });

    it("waits out a link that is cut, and then answers what it held back", async () => {
      await paired();
      const [before] = await world.cell.db("command").count("* as n");
      await link.cut();
      const sent = world.submitBid("patient");
      await until(
        async () =>
          Number((await world.cell.db("command").count("* as n"))[0]?.["n"]) > Number(before?.["n"]),
        within("it to be logged"),
      );
      await link.open();
      const result = await sent;
      expect(["accepted", "unknown"]).to.include(result.kind);
      await until(
        async () => (await world.cell.peerJournal("entry").where({ client_id: "patient" })).length === 1,
        within("the journal to have it"),
      );
      await world.caller.ready();
    });
  });

  it("loses nothing that was acknowledged, and does nothing twice, when its log breaks off under load", async () => {
    const sent: Promise<SubmitResult>[] = [];
    const generation = world.caller.generation;
    for (let kill = 0; kill < 4; kill += 1) {
      for (let n = 0; n < 60; n += 1) {
        const accountId = TRADERS[n % 3] ?? 1;
        const [stream, side] = [n % 2 ? "BTCUSDT" : "ETHUSDT", n % 4 < 2 ? "BUY" : "SELL"] as const;
        const base = stream === "BTCUSDT" ? "BTC" : "ETH";
        const hold =
          side === "BUY" ? { asset: "USDT", amount: amount("50") } : { asset: base, amount: amount("1") };
        const command = { ...bid, side, price: amount("50"), hold };
        sent.push(world.caller.submit({ stream, accountId, clientId: `k${kill}-${n}`, command }));
        if (n % 10 === 0) await pause(5);
      }
      await world.killLog();
      await until(() => world.caller.client.status.leading, within("an engine to lead"));
    }
    await world.caller.ready();
    expect(world.caller.generation).to.be.greaterThan(generation);
    const results = await Promise.all(sent);
    const kinds = kindsOf(results);
    expect(kinds.has("accepted"), [...kinds].join()).to.equal(true);
    for (const result of results)
      if (result.kind === "accepted" && result.outcome) {
        const { stream, seq, clientId } = result.outcome;
        const row = await world.cell.db("command").where({ stream, seq }).first();
        expect(row.client_id).to.equal(clientId);
        await until(
          async () => (await world.cell.db("outcome").where({ stream, seq }).first()) !== undefined,
          within(`${stream} ${seq} to be projected`),
        );
        const { body } = await world.cell.db("outcome").where({ stream, seq }).first();
        expect(JSON.parse(body)).to.deep.equal(result.outcome);
      }
    // What was refused was not executed.
    for (const [at, result] of results.entries())
      if (result.kind === "refused") {
        const clientId = `k${Math.floor(at / 60)}-${at % 60}`;
        expect(await world.cell.db("command").where({ client_id: clientId })).to.have.length(0);
      }
  });

  it("brings to the journal what an engine logged that died before it could", async () => {
    await world.stopEngine();
    const seq = (await logged()) + 1;
    const orphan: AcceptedCommand = {
      ...{
        stream: "BTCUSDT",
        seq,
        epoch: epoch(1),
        accountId: 1,
        clientId: "orphan",
        acceptedAt: Date.now(),
      },
      command: bid,
    };
    await appendToLog(world.cell.db, [orphan]);
    await world.startEngine({ peerJournalUrl: through(link, world.cell.peerJournalUrl) });
    const next = await world.btc.limit("BUY", "10", "1", 2);
    expect(next.seq).to.equal(seq + 1);
    expect(await world.cell.peerJournal("entry").where({ client_id: "orphan" })).to.have.length(1);
    expect(await query().query({ kind: "order", stream: "BTCUSDT", accountId: 1, orderId: seq })).to.include({
      ...{ status: "NEW", clientOrderId: "orphan" },
    });
  });

  it("answers a repeated request with its first result, though another engine gave it", async () => {
    const intent = (clientId: string) => ({
      ...{ stream: "BTCUSDT", accountId: 1, clientId },
      command: { ...bid, idempotencyKey: "through-the-restart" },
    });
    const first = await world.caller.accepted(intent("first"));
    await world.requireWholeAndOnce();
    await world.beginAnew();
    const again = await world.caller.accepted(intent("again"));
    expect([again.seq, again.repeated, again.outcome]).to.deep.equal([first.seq, true, first.outcome]);
    const other = await world.caller.submit({
      ...intent("other"),
      command: { ...intent("other").command, quantity: amount("0.9") },
    });
    expect(other).to.include({ kind: "refused", because: "key-reused" });
  });

  it("decides again, in order, what was under way when the gate was changed", async () => {
    const sent: Promise<SubmitResult>[] = [];
    let flips = 0;
    const flipping = (async () => {
      for (; flips < 12; flips += 1) {
        await world.cell.setGate(flips % 2 === 0 ? "cancel-only" : "open");
        await pause(15);
      }
    })();
    for (let n = 0; flips < 12; n += 1) {
      sent.push(world.submitBid(`flip-${n}`, TRADERS[n % 3]));
      if (n % 5 === 0) await pause(3);
    }
    await flipping;
    const results = await Promise.all(sent);
    for (const [n, result] of results.entries()) {
      const rows = await world.cell.db("command").where({ client_id: `flip-${n}` });
      if (result.kind === "accepted") expect(rows.map(({ seq }) => Number(seq))).to.deep.equal([result.seq]);
      else expect([result.kind, rows]).to.deep.equal(["refused", []]);
    }
    const accepted = results.flatMap((result) => (result.kind === "accepted" ? [result.seq] : []));
    expect(accepted).to.deep.equal([...accepted].sort((a, b) => a - b));
    await world.caller.ready();
  });

  it("takes no orders, and cancels, while only cancels are taken; nothing at all while the gate is closed", async () => {
    const { seq } = await world.btc.limit("BUY", "10", "1", 1);
    const [cancelled, kept] = [seq, (await world.btc.limit("BUY", "10", "1", 1)).seq];
    const cancel = (orderId: number, clientId: string) =>
      world.caller.submit({
        ...{ stream: "BTCUSDT", accountId: 1, clientId },
        command: { kind: "cancel", orderId, origClientOrderId: "" },
      });
    await world.cell.setGate("cancel-only");
    await world.caller.ready("cancel-only");
    expect(await world.submitBid("too-early")).to.include({ kind: "refused", because: "cancel-only" });
    expect(await cancel(cancelled, "cancel-1")).to.include({ kind: "accepted" });
    await world.cell.setGate("closed");
    await world.caller.ready("closed");
    expect(await cancel(kept, "cancel-2")).to.include({ kind: "refused", because: "closed" });
    await world.cell.setGate("open");
    await world.caller.ready();
  });

  describe("through a change of role", () => {
    it("leads no more when another region is active, and leads again in its own next epoch", async () => {
      const before = world.caller.generation;
      await world.cell.raiseEpoch(2, "eu-central-1");
      await until(() => !world.caller.client.status.leading, within("it to lead no more"));
      expect(await world.submitBid("nowhere")).to.include({ kind: "refused", because: "no-engine" });
      await until(() => world.engine?.engine.check().ok === false, within("the engine to say so"));
      await world.cell.raiseEpoch(3, "eu-west-1");
      await world.caller.ready("closed");
      expect(world.caller.generation).to.be.greaterThan(before);
    });

    it("applies, while the gate is closed, what the handover brought from the journal", async () => {
      const seq = (await logged()) + 1;
      const brought = ["one", "two", "three"].map(
        (clientId, at): AcceptedCommand => ({
          ...{
            stream: "BTCUSDT",
            seq: seq + at,
            epoch: epoch(1),
            accountId: 1,
            clientId: `brought-${clientId}`,
          },
          ...{ acceptedAt: Date.now() + 60_000 + at, command: bid },
        }),
      );
      await appendToLog(world.cell.db, brought);
      await until(
        async () => (await world.cell.projected("BTCUSDT")) === seq + 2,
        within("it to be projected"),
      );
      expect(
        await query().query({ kind: "order", stream: "BTCUSDT", accountId: 1, orderId: seq + 2 }),
      ).to.include({ status: "NEW", clientOrderId: "brought-three" });
      await world.cell.setGate("open", 3);
      await world.caller.ready();
      const next = await world.btc.limit("BUY", "10", "1", 2);
      expect([next.seq, next.epoch]).to.deep.equal([seq + 3, 3]);
      expect(next.time, "later than what it was decided in knowledge of").to.be.greaterThan(
        brought[2]?.acceptedAt ?? 0,
      );
    });

    it(FENCED, async () => {
      await world.requireWholeAndOnce();
      await world.cell.peerJournal.raw("select journal_raise_epoch(9)");
      const results = await Promise.all(Array.from({ length: 10 }, (_, n) => world.submitBid(`fenced-${n}`)));
      expect(kindsOf(results).has("accepted")).to.equal(false);
      const [{ n }] = (await world.cell.db("outcome").count("* as n")) as [{ n: string }];
      await pause(500);
      const [{ n: later }] = (await world.cell.db("outcome").count("* as n")) as [{ n: string }];
      expect(later).to.equal(n);
    });
  });
});
