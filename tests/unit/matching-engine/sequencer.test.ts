import { until } from "@castle/lab/processes/until.ts";
import type { Gate } from "@castle/regions/role.ts";
import { ConnectionLost } from "@castle/services/kernel/database/pipelined.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import { type Sequenced, Sequencer } from "@castle/services/matching-engine/sequencing/sequencer.ts";
import { expect } from "chai";
import { FakeLog, sqlError, type Written } from "./support/fake-log.ts";
import { amount, limit } from "./support/orders.ts";
import { snapshot } from "./support/snapshot.ts";
import { BTC, ETH, firstEpoch, intentOf, Trading } from "./support/trading.ts";

const bid = limit("BUY", "1", "10");
const keyed = { ...bid, idempotencyKey: "key" };

describe("sequencing", () => {
  let trading: Trading;
  let log: FakeLog;
  let gate: Gate;
  let overloaded: boolean;
  let found: (intent: Intent) => Promise<AcceptedCommand | undefined>;
  let readGate: () => Promise<void>;
  let logged: AcceptedCommand[];
  let failures: Error[];
  let settled: [name: string, result: string][];
  let sequencer: Sequencer;

  const words = (result: Sequenced): string =>
    result.kind === "accepted"
      ? `${result.repeated ? "repeats" : "accepted"} ${result.command.stream} ${result.command.seq}`
      : `${result.kind} ${result.because}`;
  const submit = (name: string, command: Intent["command"] = bid, changes: Partial<Intent> = {}): void =>
    sequencer.submit({ ...intentOf(name, command), ...changes }, (result) =>
      settled.push([name, words(result)]),
    );
  /** The nth batch that was sent to the log, once it was. */
  const batch = async (nth: number): Promise<Written> => {
    await until(() => log.batches.length > nth, { what: `batch ${nth}`, withinMs: 10_000, everyMs: 1 });
    return log.batches[nth] as Written;
  };
  const names = ({ commands }: Written): string[] => commands.map(({ clientId }) => clientId);
  const settling = (count: number): Promise<void> =>
    until(() => settled.length >= count, { what: `${count} to be settled`, withinMs: 10_000, everyMs: 1 });

  beforeEach(() => {
    trading = new Trading();
    trading.fund(1, "USDT", amount("1000"));
    log = new FakeLog();
    gate = "open";
    overloaded = false;
    found = () => Promise.resolve(undefined);
    readGate = () => Promise.resolve();
    [logged, failures, settled] = [[], [], []];
    sequencer = new Sequencer(
      {
        lead: { epoch: firstEpoch, region: "eu-west-1", generation: 1 },
        state: trading.state,
        log: log.writer,
        gate: () => gate,
        overloaded: () => overloaded,
        findFirst: (intent) => found(intent),
        onLogged: (commands) => logged.push(...commands),
        readGate: () => readGate(),
        onFailed: (error) => failures.push(error),
      },
      0,
    );
  });
  afterEach(() => sequencer.stop("the test is over"));

  it("decides what arrives together in one batch, and settles it when the log has it", async () => {
    for (const name of ["a", "b", "c"]) submit(name);
    const first = await batch(0);
    expect([names(first), first.gate]).to.deep.equal([["a", "b", "c"], "open"]);
    expect(settled).to.deep.equal([]);
    first.commit();
    await settling(3);
    expect(settled).to.deep.equal([
      ["a", `accepted ${BTC} 1`],
      ["b", `accepted ${BTC} 2`],
      ["c", `accepted ${BTC} 3`],
    ]);
    expect(logged).to.deep.equal([...first.commands]);
    expect(log.batches).to.have.length(1);
  });

  it("gives all of a batch one time, and each batch a later one, whatever the clock says", async () => {
    const now = Date.now;
    Date.now = () => 5_000;
    try {
      submit("a");
      submit("b");
      await batch(0);
      Date.now = () => 4_000;
      submit("c");
      await batch(1);
    } finally {
      Date.now = now;
    }
    expect(log.batches.map(({ commands }) => commands.map(({ acceptedAt }) => acceptedAt))).to.deep.equal([
      [5_000, 5_000],
      [5_001],
    ]);
    sequencer.followed(9_000_000_000_000);
    submit("d");
    expect((await batch(2)).commands[0]?.acceptedAt).to.equal(9_000_000_000_001);
  });

  it("sends the next batch before the one before is answered", async () => {
    submit("a");
    await batch(0);
    submit("b");
    const second = await batch(1);
    expect(second.commands[0]?.seq).to.equal(2);
    log.batches[0]?.commit();
    second.commit();
    await settling(2);
    expect(settled.map(([name]) => name)).to.deep.equal(["a", "b"]);
  });

  it("has so many batches under way and no more: what arrives meanwhile goes together", async () => {
    for (let n = 0; n < 8; n += 1) {
      submit(`o${n}`);
      await batch(n);
    }
    submit("x");
    submit("y");
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(log.batches).to.have.length(8);
    log.batches[0]?.commit();
    expect(names(await batch(8))).to.deep.equal(["x", "y"]);
  });

  it("refuses at once what the state refuses, without a word to the log", async () => {
    submit("a", limit("BUY", "1", "9999"));
    await settling(1);
    expect([settled, log.batches]).to.deep.equal([[["a", "refused insufficient-funds"]], []]);
  });

  it("takes nothing while too much waits to be projected", () => {
    overloaded = true;
    submit("a");
    expect(settled).to.deep.equal([["a", "refused overloaded"]]);
  });

  it("is idle when nothing waits, nothing is looked for and nothing is under way", async () => {
    const search = Promise.withResolvers<undefined>();
    found = () => search.promise;
    expect(sequencer.idle).to.equal(true);
    submit("k", keyed);
    expect(sequencer.idle, "looked for").to.equal(false);
    search.resolve(undefined);
    (await batch(0)).commit();
    await settling(1);
    expect(sequencer.idle).to.equal(true);
  });

  describe("a repeated request", () => {
    it("gets the first result out of the database", async () => {
      trading.play(intentOf("first", keyed));
      const first = trading.state.firstResult(intentOf("first", keyed));
      trading.state.firstResults.forgetOld(Number.POSITIVE_INFINITY);
      found = () => Promise.resolve(first);
      submit("again", keyed);
      await settling(1);
      expect([settled, log.batches]).to.deep.equal([[["again", `repeats ${BTC} 1`]], []]);
    });

    it("waits for the first to be logged, when both come together or one behind the other", async () => {
      submit("one", keyed);
      submit("two", keyed);
      const first = await batch(0);
      submit("three", keyed);
      submit("other");
      const second = await batch(1);
      expect([names(first), names(second), settled]).to.deep.equal([["one"], ["other"], []]);
      first.commit();
      await settling(3);
      expect(settled).to.have.deep.members([
        ["one", `accepted ${BTC} 1`],
        ["two", `repeats ${BTC} 1`],
        ["three", `repeats ${BTC} 1`],
      ]);
      second.commit();
    });

    it("is refused alone when nobody can say whether it is one", async () => {
      found = () => Promise.reject(new Error("the pool is exhausted"));
      submit("k", keyed);
      submit("plain");
      (await batch(0)).commit();
      await settling(2);
      expect(settled).to.have.deep.members([
        ["k", "refused first-result-unknown"],
        ["plain", `accepted ${BTC} 1`],
      ]);
      expect(failures).to.deep.equal([]);
    });
  });

  describe("when the gate was changed under batches", () => {
    it("takes all of them back and decides them again, in order, under what the gate is now", async () => {
      const before = snapshot(trading.state);
      submit("a");
      submit("cancel-a", { kind: "cancel-by-client-id", origClientOrderId: "a" });
      const first = await batch(0);
      submit("b", bid, { stream: ETH });
      submit("d", { kind: "deposit", asset: "USDT", amount: 5n }, { stream: "wallet" });
      const second = await batch(1);
      submit("c");
      let inBetween: unknown;
      readGate = async () => {
        inBetween = snapshot(trading.state);
        gate = "cancel-only";
      };
      first.refuse(sqlError("CS004"));
      second.refuse(sqlError("CS006"));
      await settling(4);
      expect(inBetween, "as if nothing had been asked").to.deep.equal(before);
      expect(settled).to.deep.equal([
        ["a", "refused cancel-only"],
        ["cancel-a", "refused unknown-order"],
        ["b", "refused cancel-only"],
        ["c", "refused cancel-only"],
      ]);
      const again = await batch(2);
      expect([names(again), again.gate, again.commands[0]?.seq]).to.deep.equal([["d"], "cancel-only", 2]);
      again.commit();
      await settling(5);
      expect([settled.at(-1), failures]).to.deep.equal([["d", "accepted wallet 2"], []]);
    });

    it("decides nothing again before the log has answered each of them", async () => {
      submit("a");
      const first = await batch(0);
      submit("b", bid, { stream: ETH });
      const second = await batch(1);
      first.refuse(sqlError("CS004"));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(log.batches).to.have.length(2);
      second.refuse(sqlError("CS004"));
      expect(names(await batch(2))).to.deep.equal(["a", "b"]);
    });

    it("gives a repeat that waited for one of them its own decision: never another command's", async () => {
      submit("first", keyed);
      const first = await batch(0);
      submit("again", keyed);
      submit("plain", { kind: "deposit", asset: "USDT", amount: 5n }, { stream: "wallet" });
      const second = await batch(1);
      readGate = async () => {
        gate = "cancel-only";
      };
      first.refuse(sqlError("CS004"));
      second.refuse(sqlError("CS004"));
      (await batch(2)).commit();
      await settling(3);
      expect(settled).to.have.deep.members([
        ["first", "refused cancel-only"],
        ["again", "refused cancel-only"],
        ["plain", "accepted wallet 2"],
      ]);
    });

    it("ends with nobody told a lie when one behind was logged all the same", async () => {
      submit("a");
      const first = await batch(0);
      submit("b", bid, { stream: ETH });
      const second = await batch(1);
      first.refuse(sqlError("CS004"));
      second.commit();
      await until(() => failures.length > 0, { what: "it to fail", withinMs: 10_000, everyMs: 1 });
      expect(failures[0]?.message).to.contain("taken back is in the log");
      sequencer.stop("a defect");
      expect(settled).to.have.deep.members([
        ["a", "refused closed"],
        ["b", "unknown a defect"],
      ]);
    });
  });

  for (const [what, error, said] of [
    ["another engine leads", sqlError("CS005"), /the command log: refused with CS005/],
    ["the epoch is over", sqlError("CS001"), /the command log: refused with CS001/],
    ["places are taken", sqlError("CS006"), /the command log: refused with CS006/],
    ["the connection is lost", new ConnectionLost("log", new Error("reset")), /connection was lost/],
  ] as const)
    it(`fails when ${what}, and says of what was under way that nobody knows`, async () => {
      submit("a");
      (await batch(0)).refuse(error);
      await until(() => failures.length > 0, { what: "it to fail", withinMs: 10_000, everyMs: 1 });
      expect(failures[0]?.message).to.match(said);
      expect(settled).to.deep.equal([]);
      sequencer.stop("the run is over");
      expect(settled).to.deep.equal([["a", "unknown the run is over"]]);
    });

  it("says when it stops of what waits that it was not executed, of what is under way that nobody knows", async () => {
    submit("under way");
    const first = await batch(0);
    submit("waits");
    sequencer.stop("deposed");
    submit("comes later");
    expect(settled).to.have.deep.members([
      ["under way", "unknown deposed"],
      ["waits", "refused closed"],
      ["comes later", "refused closed"],
    ]);
    first.commit();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([settled.length, logged, log.batches.length]).to.deep.equal([3, [], 1]);
  });
});
