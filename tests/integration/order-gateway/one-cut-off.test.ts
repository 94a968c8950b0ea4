import type { PathProxy } from "@castle/lab/link/path-proxy.ts";
import { expect } from "chai";
import { type Gateway, TestCell, traders, until } from "./support/cell.ts";
import { linkTo, through } from "./support/links.ts";
import { limitOrder } from "./support/orders.ts";

/** Every durability that the role row ever had from here on, in order. */
const history = `
create table history (n serial, durability text);
create function remember() returns trigger language plpgsql as
$$ begin insert into history (durability) values (new.durability); return new; end $$;
create trigger remember after update on role for each row when (old.durability <> new.durability)
  execute function remember();
`;

describe("a cell with two gateways, of which one alone loses the peer", () => {
  let cell: TestCell;
  let gateways: Record<"cut" | "well", Gateway>;
  let link: PathProxy;
  let trader = 0;

  const place = (at: Gateway) =>
    at.signed("POST", "/api/v3/order", limitOrder, traders[trader++ % traders.length]);
  const modes = async (): Promise<string[]> =>
    (await cell.db("history").orderBy("n")).map(({ durability }) => durability);
  const inMode = (mode: "paired" | "solo") =>
    until(
      `the cell is ${mode}`,
      async () =>
        (await cell.witness.read()).mode === mode && (await cell.db("role").first()).durability === mode,
    );
  const held = async (orderId: unknown): Promise<boolean> =>
    (await cell.peerJournal("entry").where({ stream: limitOrder.symbol, seq: orderId }).first()) !==
    undefined;

  const behindLink = () => ({ peerJournalUrl: through(link, cell.peerJournalUrl), soloAfterMs: 500 });

  beforeEach(async () => {
    await cell.db("history").delete();
  });
  before(async () => {
    cell = await TestCell.start();
    await cell.db.raw(history);
    await cell.fund("USDT", 100_000_00000000n);
    link = await linkTo("journal", cell.servers.journal.port);
    const [cut, well] = await Promise.all([cell.gateway(behindLink()), cell.gateway({ soloAfterMs: 500 })]);
    gateways = { cut, well };
    await inMode("paired");
  });
  after(async () => {
    await cell?.stop();
    await link?.cut();
  });

  it("stays solo until it reaches the peer again, while the other one brings there what both accept", async () => {
    await link.cut();
    await inMode("solo");
    // Whoever brings an order there has gone through everything that pairing needs but this.
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([place(gateways.cut), place(gateways.well)]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
      for (const { body } of answers)
        await until("the peer holds what was accepted", () => held(body["orderId"]));
    }
    expect(await modes()).to.deep.equal(["solo"]);
    await link.open();
    await inMode("paired");
    expect(await modes()).to.deep.equal(["solo", "paired"]);
    for (const gateway of Object.values(gateways)) {
      const { status, body } = await place(gateway);
      expect([status, await held(body["orderId"])]).to.deep.equal([200, true]);
    }
  });

  it("is paired again soon after the one that is cut off has died", async () => {
    await link.cut();
    await inMode("solo");
    await gateways.cut.stop("SIGKILL");
    await inMode("paired");
    expect(await modes()).to.deep.equal(["solo", "paired"]);
  });

  it("would go to and fro if nobody said that it is cut off", async () => {
    await cell.db.raw(`
      create function say_nothing() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger say_nothing before insert or update on cut_off for each row execute function say_nothing();`);
    await cell.gateway(behindLink());
    await until("the mode flaps", async () => (await modes()).join().startsWith("solo,paired,solo"));
  });
});
