import type { AcceptedCommand, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { Applier } from "@castle/services/matching-engine/application/applier.ts";
import { expect } from "chai";
import { amount, cancel, limit } from "./support/orders.ts";
import { BTC, ETH, intentOf, Trading } from "./support/trading.ts";

/** The turns of the event loop in which an applier works, and some more. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("applying", () => {
  let trading: Trading;
  let durable: Map<StreamId, Seq>;
  let room: number;
  let applied: AppliedCommand[];
  let failures: Error[];
  let applier: Applier;

  const sequence = (clientId: string, command: Intent["command"], stream = BTC): AcceptedCommand => {
    const accepted = trading.sequence(intentOf(clientId, command, { stream }));
    if (!accepted) throw new Error(`${clientId} was refused`);
    return accepted;
  };
  const log = (...commands: AcceptedCommand[]): void => {
    for (const { stream, seq } of commands) trading.state.stream(stream).pending.logged(seq);
  };
  const places = (): string[] => applied.map(({ accepted: { stream, seq } }) => `${stream} ${seq}`);
  const turn = async (): Promise<string[]> => {
    applied.length = 0;
    applier.kick();
    await turns();
    return places();
  };

  beforeEach(() => {
    trading = new Trading();
    trading.fund(1, "USDT", amount("10000"));
    trading.fund(2, "BTC", amount("100"));
    durable = new Map();
    room = Number.POSITIVE_INFINITY;
    applied = [];
    failures = [];
    applier = new Applier({
      state: trading.state,
      durableUpTo: (stream) => durable.get(stream) ?? 0,
      inOrderUpTo: Number.NEGATIVE_INFINITY,
      hasRoom: () => room > 0,
      onApplied: (commands) => applied.push(...commands),
      onFailed: (error) => failures.push(error),
    });
  });
  afterEach(() => applier.stop());

  it("waits, in a recovered tail, for what was accepted before it, of whatever stream", async () => {
    applier.stop();
    const first = sequence("a", limit("BUY", "1", "10"));
    const second = sequence("b", limit("BUY", "1", "10"), ETH);
    log(first, second);
    const inOrder = new Applier({
      state: trading.state,
      durableUpTo: (stream) => durable.get(stream) ?? 0,
      inOrderUpTo: Math.max(first.acceptedAt, second.acceptedAt),
      hasRoom: () => true,
      onApplied: (commands) => applied.push(...commands),
      onFailed: (error) => failures.push(error),
    });
    const [earlier, later] = first.acceptedAt <= second.acceptedAt ? [first, second] : [second, first];
    durable.set(later.stream, 1);
    inOrder.kick();
    await turns();
    expect(places(), "the later alone is durable").to.deep.equal([]);
    durable.set(earlier.stream, 1);
    inOrder.kick();
    await turns();
    expect(places()).to.deep.equal([`${earlier.stream} 1`, `${later.stream} 1`]);
    inOrder.stop();
  });

  it("goes no further than what is logged, and no further than what is durable", async () => {
    const [a, b] = [sequence("a", limit("BUY", "1", "10")), sequence("b", limit("BUY", "1", "10"))];
    expect(await turn(), "neither").to.deep.equal([]);
    durable.set(BTC, 2);
    expect(await turn(), "durable elsewhere, not in the log").to.deep.equal([]);
    log(a);
    expect(await turn()).to.deep.equal([`${BTC} 1`]);
    log(b);
    durable.set(BTC, 1);
    expect(await turn(), "logged, not durable").to.deep.equal([]);
    durable.set(BTC, 2);
    expect(await turn()).to.deep.equal([`${BTC} 2`]);
    expect(await turn(), "each once").to.deep.equal([]);
  });

  it("takes the earliest accepted of all streams first, so that what was paid for is there", async () => {
    const commands = [
      sequence("e1", limit("BUY", "1", "10"), ETH),
      sequence("b1", limit("BUY", "1", "10")),
      sequence("d1", { kind: "deposit", asset: "USDT", amount: 1n }, "wallet"),
      sequence("b2", limit("BUY", "1", "10")),
      sequence("e2", limit("BUY", "1", "10"), ETH),
    ];
    log(...commands);
    for (const stream of [BTC, ETH, "wallet"]) durable.set(stream, 100);
    expect(await turn()).to.deep.equal([`${ETH} 1`, `${BTC} 1`, "wallet 3", `${BTC} 2`, `${ETH} 2`]);
  });

  it("lets no stream wait for one that is held up", async () => {
    log(sequence("e1", limit("BUY", "1", "10"), ETH), sequence("b1", limit("BUY", "1", "10")));
    durable.set(BTC, 1);
    expect(await turn()).to.deep.equal([`${BTC} 1`]);
  });

  it("waits while there is no room, and goes on when there is", async () => {
    for (let n = 0; n < 5; n += 1) log(sequence(`o${n}`, limit("BUY", "1", "10")));
    durable.set(BTC, 5);
    room = 0;
    expect(await turn()).to.deep.equal([]);
    room = 1;
    expect(await turn()).to.have.length(5);
  });

  it("tells what it applied, with the outcome as it is stored", async () => {
    log(sequence("a", limit("BUY", "1", "10")));
    durable.set(BTC, 1);
    await turn();
    const [one] = applied;
    expect(JSON.parse(one?.outcome ?? "")).to.deep.equal(one?.applied.outcome);
    expect(one?.applied.outcome).to.include({ stream: BTC, seq: 1, clientId: "a" });
  });

  it("does a long tail in many turns, and leaves the event loop to others in between", async () => {
    for (let n = 0; n < 4_000; n += 1) {
      const command = limit("BUY", "0.01", "1");
      trading.state.sequenced({
        ...{ stream: BTC, seq: n + 1, epoch: 1 as never, accountId: 1, clientId: `o${n}`, acceptedAt: n },
        command,
      });
    }
    trading.state.stream(BTC).pending.logged(4_000);
    durable.set(BTC, 4_000);
    let others = 0;
    const timer = setInterval(() => (others += 1), 1);
    applier.kick();
    while (applied.length < 4_000) await new Promise((resolve) => setTimeout(resolve, 1));
    clearInterval(timer);
    expect(others).to.be.greaterThan(0);
    expect(applied.map(({ accepted }) => accepted.seq)).to.deep.equal(
      Array.from({ length: 4_000 }, (_, n) => n + 1),
    );
  });

  it("stops for good at what cannot be applied, says so once, and tells nothing of that turn", async () => {
    trading.state.sequenced({
      ...{ stream: "wallet", seq: 3, epoch: 1 as never, accountId: 1, clientId: "x", acceptedAt: 1 },
      command: cancel(1),
    });
    trading.state.stream("wallet").pending.logged(3);
    log(sequence("a", limit("BUY", "1", "10")));
    for (const stream of [BTC, "wallet"]) durable.set(stream, 100);
    expect(await turn()).to.deep.equal([]);
    expect(failures.map(({ message }) => message)).to.have.length(1);
    expect(failures[0]?.message).to.contain("belongs in a symbol's stream");
    expect(await turn()).to.deep.equal([]);
    expect(failures).to.have.length(1);
  });

  it("applies nothing once it is stopped, not even what it was about to", async () => {
    log(sequence("a", limit("BUY", "1", "10")));
    durable.set(BTC, 1);
    applier.kick();
    applier.stop();
    await turns();
    expect(places()).to.deep.equal([]);
  });
});
