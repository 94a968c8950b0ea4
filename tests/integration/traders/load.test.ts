import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allRecords } from "@castle/lab/traders/json-lines.ts";
import { Load } from "@castle/lab/traders/load.ts";
import type { LoadOptions } from "@castle/lab/traders/messages.ts";
import type { RecordKind } from "@castle/lab/traders/records.ts";
import { TraderRecords } from "@castle/lab/traders/trader-records.ts";
import { expect } from "chai";
import { type Seen, StubExchange } from "./stub-exchange.ts";

const accounts = Array.from({ length: 20 }, (_, index) => ({
  accountId: index + 1,
  apiKey: `key-${index}`,
  secret: `a secret of trader ${index} for tests only`,
}));

describe("the load against a trading API that misbehaves", () => {
  let stub: StubExchange;
  let folder: string;
  let load: Load;
  let problems: Error[];
  let ended: boolean;

  beforeEach(async () => {
    stub = await StubExchange.start(accounts);
    folder = await mkdtemp(join(tmpdir(), "castle-traders-"));
    problems = [];
  });

  afterEach(async () => {
    if (!ended) await load.stop();
    await stub.stop();
    await rm(folder, { recursive: true });
  });

  const begin = async (options: Partial<LoadOptions> = {}): Promise<void> => {
    load = new Load(
      {
        ...{ edge: stub.edge, accounts, symbols: ["BTCUSDT"], rps: 100, seed: 5, recordsFolder: folder },
        ...{ patientShare: 0, userStreams: 2, rampMs: 0 },
        ...options,
      },
      (problem) => problems.push(problem),
    );
    ended = false;
    await load.start();
  };
  const end = async (): Promise<TraderRecords> => {
    ended = true;
    await load.stop();
    return TraderRecords.load(folder);
  };
  const all = <Kind extends RecordKind>(kind: Kind) => allRecords(folder, kind);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  /** Misbehaves once, at the first request that fits, when some have gone well. */
  const once = (misbehaviour: ReturnType<StubExchange["misbehave"]>, fits: (seen: Seen) => boolean) => {
    const hit: Seen[] = [];
    stub.misbehave = (seen) => {
      if (hit.length > 0 || stub.executed < 5 || !fits(seen)) return null;
      hit.push(seen);
      return misbehaviour;
    };
    return hit;
  };
  const isPlace = ({ method, path }: Seen): boolean => method === "POST" && path === "/api/v3/order";
  const idOf = ({ parameters }: Seen | { parameters: URLSearchParams }): string =>
    parameters.get("newClientOrderId") ?? "";
  const sentAgain = (hit: readonly Seen[]): Seen[] =>
    stub.seen.filter((seen) => isPlace(seen) && hit.some((first) => idOf(first) === idOf(seen)));
  const askedFor = (hit: readonly Seen[]): Seen[] =>
    stub.seen.filter(
      ({ method, parameters }) =>
        method === "GET" && hit.some((first) => idOf(first) === parameters.get("origClientOrderId")),
    );

  it("sends at exactly the rate, every request signed as Binance asks", async () => {
    await begin({ rps: 200 });
    await until(() => load.second().sent >= 200);
    const { totals, summary } = await end();
    const seconds = (summary.stoppedAt - summary.startedAt) / 1_000;
    // A busy machine stops it some slots late.
    expect(totals.sent).to.be.closeTo(seconds * 200, 20);
    expect(totals.errors).to.equal(0);
    expect(totals.acknowledged + totals.refused + totals.answered).to.equal(totals.sent);
  });

  it("is requests alone where there is no stream to listen to", async () => {
    await begin({ edge: { ...stub.edge, stream: null } });
    await until(() => stub.executed >= 5);
    await end();
    expect(stub.seen.some(({ path }) => path === "/api/v3/userDataStream")).to.equal(false);
    expect(problems).to.deep.equal([]);
  });

  it("keeps every acknowledgement with its cell and epoch", async () => {
    stub.epoch = 4;
    await begin();
    await until(() => stub.executed >= 60);
    const { totals } = await end();
    const acknowledgements = await all("acknowledgements");
    expect(acknowledgements).to.have.length(totals.acknowledged);
    expect(acknowledgements.every(({ region, epoch }) => region === "eu-west-1" && epoch === 4)).to.equal(
      true,
    );
    expect(acknowledgements.every(({ orderId }) => orderId !== null)).to.equal(true);
  });

  it("asks for an order whose answer was lost, and never sends it twice", async () => {
    const hit = once("lost-answer", isPlace);
    await begin();
    await until(() => askedFor(hit).length > 0);
    const { totals } = await end();
    expect(sentAgain(hit)).to.have.length(1);
    expect(totals).to.include({ errors: 1, lost: 0 });
    expect((await all("resolutions")).map(({ found }) => found)).to.deep.equal(["executed"]);
    const told = (await all("acknowledgements")).filter(({ by }) => by === "query");
    expect(told.map(({ clientOrderId }) => clientOrderId)).to.deep.equal(hit.map(idOf));
  });

  it("takes an order for absent only when asking says so after a second", async () => {
    const hit = once("hang-up", isPlace);
    await begin();
    await until(() => askedFor(hit).length > 0);
    const { totals } = await end();
    expect(totals).to.include({ errors: 1, rejected: 1 });
    const [resolution] = await all("resolutions");
    expect(resolution).to.include({ found: "absent" });
    const [first] = hit;
    const last = askedFor(hit).at(-1);
    expect((last?.at ?? 0) - (first?.at ?? 0)).to.be.greaterThan(950);
  });

  it("gives an answer two seconds, then asks", async () => {
    const hit = once("silence", isPlace);
    await begin({ rps: 50 });
    // Traders look at their orders now and then anyway: only what comes when the time is up asks for this one.
    await until(() => askedFor(hit).some(({ at }) => at - (hit[0]?.at ?? 0) > 1_900));
    await end();
    const [resolution] = await all("resolutions");
    expect(resolution).to.include({ because: "no answer in time" });
    expect((resolution?.t ?? 0) - (hit[0]?.at ?? 0)).to.be.at.least(2_000);
  });

  it("sends again under the same client id, over another connection, what was not executed", async () => {
    const hit = once({ status: 503, body: { code: -1001, msg: "not here" } }, isPlace);
    await begin();
    await until(() => sentAgain(hit).length === 2);
    const { totals } = await end();
    const [first, second] = sentAgain(hit);
    expect(second?.connection).not.to.equal(first?.connection);
    expect(stub.seen.filter(({ connection }) => connection === first?.connection).at(-1)).to.equal(first);
    expect(totals).to.include({ errors: 1, rejected: 0 });
    expect(await all("resolutions")).to.deep.equal([]);
  });

  it("takes a late result for an acknowledgement without an order id", async () => {
    const hit = once({ status: 504, body: { code: -1007, msg: "late" } }, isPlace);
    await begin();
    await until(() => hit.length > 0);
    await end();
    const late = (await all("acknowledgements")).filter(({ orderId }) => orderId === null);
    expect(late.map(({ clientOrderId }) => clientOrderId)).to.deep.equal(hit.map(idOf));
  });

  it("does not slow down when nothing is answered: what cannot be sent in time is an error", async () => {
    await begin({ rps: 200 });
    await until(() => stub.executed >= 20);
    stub.misbehave = () => "silence";
    // One that waited for answers would send next to nothing now, and this would not come.
    await until(() => load.second().errors > 100 && load.second().sent >= 200);
    stub.misbehave = () => null;
    const { totals } = await end();
    expect(totals.lost).to.equal(0);
  });

  it("counts an answer that nobody can read as a problem of the platform", async () => {
    const hit = once({ status: 200, body: { unexpected: true } }, isPlace);
    await begin();
    await until(() => problems.length > 0);
    const { totals } = await end();
    expect(hit).to.have.length(1);
    expect(problems[0]?.message).to.match(/something else than promised/);
    expect(totals.lost).to.equal(1);
  });

  it("lets patient traders keep their connection through a silence that the others give up on", async () => {
    await begin({ patientShare: 0.5, rps: 50 });
    await until(() => stub.executed >= 20);
    const patient = new Set(accounts.slice(10).map(({ apiKey }) => apiKey));
    const before = stub.connections;
    stub.misbehave = ({ method }) => (method === "POST" ? "freeze" : null);
    await until(() => load.second().errors > 0);
    const from = stub.seen.length;
    stub.misbehave = () => null;
    stub.thaw();
    await until(() => stub.seen.slice(from).filter(byPatient).length >= 5);
    const after = stub.seen.slice(from).filter(byPatient);
    await end();
    expect(after.every(({ connection }) => connection < before)).to.equal(true);
    expect(after.every(({ parameters }) => parameters.get("recvWindow") === "60000")).to.equal(true);

    function byPatient({ apiKey, path }: Seen): boolean {
      return path !== "/api/v3/userDataStream" && patient.has(apiKey ?? "");
    }
  });
});
