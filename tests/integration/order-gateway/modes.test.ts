import type { PathProxy } from "@castle/lab/link/path-proxy.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { WitnessRefused } from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import { type Gateway, TestCell, traders, until } from "./support/cell.ts";
import { linkTo, through } from "./support/links.ts";
import { limitOrder } from "./support/orders.ts";

/** What PostgreSQL says when its disk is full (SQLSTATE 53100). */
const fullDisk = `
create function no_room() returns trigger language plpgsql as
$$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
create trigger full_disk before insert on entry execute function no_room();
`;

describe("paired and solo, an engine behind links that fail", () => {
  let cell: TestCell;
  let gateways: [Gateway, Gateway];
  let toJournal: PathProxy;
  let toWitness: PathProxy;

  const place = (by = traders[0], at: Gateway = gateways[0]) =>
    at.signed("POST", "/api/v3/order", limitOrder, by);
  const record = () => cell.witness.read();
  const durability = async () => (await cell.db("role").first()).durability;
  const accepting = () => until("an order is acknowledged", async () => (await place()).status === 200);
  const inMode = (mode: "paired" | "solo") =>
    until(`the cell is ${mode}`, async () => (await record()).mode === mode && (await durability()) === mode);
  /** Streams and places that the peer's journal lacks. */
  const missing = async (): Promise<unknown[]> => {
    const held = await cell.peerJournal("entry").select("stream", "seq");
    const there = new Set(held.map((row) => `${row.stream}:${row.seq}`));
    const committed = await cell.db("command").select("stream", "seq");
    return committed.filter((row) => !there.has(`${row.stream}:${row.seq}`));
  };

  before(async () => {
    cell = await TestCell.start({ USDT: 100_000_00000000n });
    const { servers, witnessEndpoint, peerJournalUrl } = cell.cell;
    toJournal = await linkTo("journal", servers.journal.port);
    toWitness = await linkTo("witness", Number(new URL(witnessEndpoint).port));
    const engine = cell.engine({
      peerJournalUrl: through(toJournal, peerJournalUrl),
      witnessEndpoint: through(toWitness, witnessEndpoint),
      soloAfterMs: 500,
    });
    gateways = await Promise.all([cell.gateway(), cell.gateway()]);
    await engine;
    await inMode("paired");
    await accepting();
  });
  after(async () => {
    await cell?.stop();
    await Promise.all([toJournal?.cut(), toWitness?.cut()]);
  });

  for (const [fault, begin, end] of [
    ["cut", () => toJournal.cut(), () => toJournal.open()],
    ["a black hole", () => toJournal.stall(), () => toJournal.resume()],
  ] as const)
    it(`goes solo when the link to the peer is ${fault}, and back to paired with everything backfilled`, async () => {
      await begin();
      await inMode("solo");
      await accepting();
      for (const gateway of gateways) expect((await place(traders[1], gateway)).status).to.equal(200);
      expect(await missing()).to.not.have.length(0);
      await end();
      await inMode("paired");
      expect(await missing()).to.deep.equal([]);
      expect((await place(traders[2])).status).to.equal(200);
      expect(await missing()).to.deep.equal([]);
    });

  it("goes solo when the peer's journal answers and stores nothing, and says yes to nothing before", async () => {
    await cell.peerJournal.raw(fullDisk);
    const answers = await Promise.all(gateways.map((gateway) => place(traders[6], gateway)));
    if (answers.some(({ status }) => status === 200)) expect((await record()).mode).to.equal("solo");
    await inMode("solo");
    for (const gateway of gateways) expect((await place(traders[6], gateway)).status).to.equal(200);
    expect(
      await cell.peerJournal.raw("select journal_marks(epoch) from fence").then(() => "it answers"),
      "the fault",
    ).to.equal("it answers");
    expect(await missing()).to.have.length.of.at.least(gateways.length);
    await cell.peerJournal.raw("drop trigger full_disk on entry");
    await inMode("paired");
    expect(await missing()).to.deep.equal([]);
    expect((await place(traders[6])).status).to.equal(200);
    expect(await missing()).to.deep.equal([]);
  });

  it("stays solo while the peer's journal answers and its database does not follow yet", async () => {
    cell.cell.peerFollows = false;
    await toJournal.cut();
    await inMode("solo");
    await accepting();
    await cell.peerJournal("vouched").update({ at: cell.db.raw("now() - interval '1 minute'") });
    await toJournal.open();
    await until("the gap is backfilled", async () => (await missing()).length === 0);
    await accepting();
    expect([(await record()).mode, await durability()]).to.deep.equal(["solo", "solo"]);
    cell.cell.peerFollows = true;
    await inMode("paired");
  });

  it("acknowledges nothing while it can reach neither the peer nor the witness", async () => {
    await Promise.all([toJournal.cut(), toWitness.cut()]);
    await until("the gateways refuse", async () => (await place()).status === 503);
    const known = await cell.db("command").count("* as n").first();
    const answers = await Promise.all(gateways.map((gateway) => place(traders[3], gateway)));
    expect(answers.map((answer) => answer.body.code)).to.deep.equal([-1001, -1001]);
    expect(await cell.db("command").count("* as n").first()).to.deep.equal(known);
    await Promise.all([toJournal.open(), toWitness.open()]);
    await inMode("paired");
    await accepting();
  });

  it("loses its lease when the witness is out of reach in solo, and stops within it", async () => {
    await toJournal.cut();
    await inMode("solo");
    await accepting();
    await toWitness.stall();
    await until("the gateways refuse", async () => (await place(traders[4])).status === 503);
    toWitness.resume();
    await accepting();
    await toJournal.open();
    await inMode("paired");
  });

  it("demotes itself when it asks for solo and the witness names the other cell already", async () => {
    await toJournal.cut();
    const ours = { kind: "go-solo", region: "eu-west-1", epoch: epoch(1), by: "test" } as const;
    const theirs = {
      kind: "hand-over",
      to: "eu-central-1",
      from: epoch(1),
      by: "operator",
      consentToLoss: false,
    } as const;
    const [won] = await Promise.allSettled([cell.witness.change(theirs)]);
    if (won.status === "rejected") {
      // The cell was faster: then the handover needs consent, and nobody else may be active.
      expect(won.reason).to.be.instanceOf(WitnessRefused);
      await cell.witness.change({ ...theirs, consentToLoss: true });
    }
    await until("both gateways are standby", async () =>
      (await Promise.all(gateways.map((gateway) => gateway.health()))).every(
        (state) => state.body["role"] === "standby",
      ),
    );
    expect((await place(traders[5])).body.code).to.equal(-1001);
    const refused = await cell.witness.change(ours).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(WitnessRefused);
  });
});
