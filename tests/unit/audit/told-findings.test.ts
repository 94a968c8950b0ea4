import type { Audit, AuditKey } from "@castle/dr-runbooks/report/report.ts";
import { expect } from "chai";
import { World } from "./support/world.ts";

type ToldKind = "acknowledgements" | "orders" | "fills" | "depthEvents" | "depthSnapshots" | "refusals";

/** What a trader was told and must not have been, and the question of the audit that must notice. */
const cases: readonly { what: string; noticed: AuditKey; says: RegExp; tamper: (world: World) => void }[] = [
  {
    what: "an acknowledged order that stands nowhere",
    noticed: "lostAcknowledged",
    says: /place "never seen" .*: no such command stands/,
    tamper: change("acknowledgements", { clientOrderId: "never seen" }, ({ kind }) => kind === "place"),
  },
  {
    what: "an acknowledged cancel that stands nowhere",
    noticed: "lostAcknowledged",
    says: /cancel "never seen" .*: no such command stands/,
    tamper: change("acknowledgements", { clientOrderId: "never seen" }, ({ kind }) => kind === "cancel"),
  },
  {
    what: "an acknowledged order whose place another one took",
    noticed: "lostAcknowledged",
    says: /told as order 9999, it stands for order/,
    tamper: change("acknowledgements", { orderId: 9_999 }, ({ kind }) => kind === "place"),
  },
  {
    what: "an acknowledged cancel of another order",
    noticed: "lostAcknowledged",
    says: /told as order 9999, it stands for order/,
    tamper: change("acknowledgements", { orderId: 9_999 }, ({ kind }) => kind === "cancel"),
  },
  {
    what: "an acknowledged order in another market",
    noticed: "lostAcknowledged",
    says: /it stands in stream BTCUSDT/,
    tamper: change("acknowledgements", { symbol: "ETHUSDT" }, ({ symbol }) => symbol === "BTCUSDT"),
  },
  {
    what: "an order told that does not stand",
    noticed: "contradicted",
    says: /no such order stands/,
    tamper: change("orders", { orderId: 9_999 }),
  },
  {
    what: "an order told to a stranger",
    noticed: "contradicted",
    says: /it is account \d+'s/,
    tamper: change("orders", { accountId: 77 }),
  },
  {
    what: "an order told under another client id",
    noticed: "contradicted",
    says: /told as "other", it stands as/,
    tamper: change("orders", { clientOrderId: "other" }),
  },
  {
    what: "an order told at another price",
    noticed: "contradicted",
    says: /told at 1\.00000000, it stands at/,
    tamper: change("orders", { price: "1.00000000" }),
  },
  {
    what: "an order told with another quantity",
    noticed: "contradicted",
    says: /told as an order for 9\.00000000, it is for \d+ units/,
    tamper: change("orders", { origQty: "9.00000000" }, ({ price }) => price !== "0.00000000"),
  },
  {
    what: "an order told as executed further than it ever was",
    noticed: "contradicted",
    says: /more than the \d+ units that stand as executed/,
    tamper: change("orders", { executedQty: "5000.00000000" }),
  },
  {
    what: "an order told as over, and another end standing",
    noticed: "contradicted",
    says: /it was over, and stands as FILLED/,
    tamper: change("orders", { status: "CANCELED" }, ({ status }) => status === "FILLED"),
  },
  {
    what: "an order told in a state it never was in",
    noticed: "contradicted",
    says: /it never was in that state/,
    tamper: change("orders", { cummulativeQuoteQty: "0.00000001" }, ({ status }) => status === "NEW"),
  },
  {
    what: "a fill told that does not stand",
    noticed: "contradicted",
    says: /told \(\w+\) of \w+ trade 1, .*: no such trade stands/,
    tamper: change("fills", { tradeId: 1 }),
  },
  {
    what: "a fill told at another price",
    noticed: "contradicted",
    says: /its price is \d+ units/,
    tamper: change("fills", { price: "1.00000000" }),
  },
  {
    what: "a fill told with another quantity",
    noticed: "contradicted",
    says: /its quantity is \d+ units/,
    tamper: change("fills", { quantity: "1.00000000" }),
  },
  {
    what: "one fill told with two contents",
    noticed: "contradicted",
    says: /its quantity is \d+ units/,
    tamper: ({ told: { fills } }) => {
      const [first] = fills;
      if (first) fills.push({ ...first, quantity: "1.00000000" });
    },
  },
  {
    what: "a fill told with its sides swapped",
    noticed: "contradicted",
    says: /the (buyer|seller) is its maker/,
    tamper: change("fills", ({ buyerIsMaker }) => ({ buyerIsMaker: !buyerIsMaker })),
  },
  {
    what: "a fill told to the wrong order",
    noticed: "contradicted",
    says: /its (maker|taker) is order \d+, not 9999/,
    tamper: change("fills", { orderId: 9_999 }, ({ isMaker }) => isMaker !== null),
  },
  {
    what: "a fill told to the wrong account",
    noticed: "contradicted",
    says: /its (maker|taker) is account \d+, not 77/,
    tamper: change("fills", { accountId: 77 }, ({ isMaker }) => isMaker !== null),
  },
  {
    what: "a depth level that never stood",
    noticed: "contradicted",
    says: /BUY 7\.00000000 told at 1\.00000000, 0 units stood there/,
    tamper: change("depthEvents", ({ b }) => ({ b: [...b, ["1.00000000", "7.00000000"] as const] })),
  },
  {
    what: "a changed depth level that was not told",
    noticed: "contradicted",
    says: /changed and was not told/,
    tamper: change("depthEvents", { b: [], a: [] }, ({ b, a }) => b.length + a.length > 0),
  },
  {
    what: "a gap in a connection's update ids",
    noticed: "contradicted",
    says: /depth \d+ to \d+ follows \d+ on the same connection/,
    tamper: ({ told: { depthEvents } }) => depthEvents.splice(4, 1),
  },
  {
    what: "depth told beyond the stream's end",
    noticed: "contradicted",
    says: /the stream ends at \d+/,
    tamper: ({ told: { depthEvents } }) => {
      const last = depthEvents.at(-1);
      if (last) depthEvents.push({ ...last, U: last.u + 1, u: last.u + 5 });
    },
  },
  {
    what: "a snapshot with a level that did not stand",
    noticed: "contradicted",
    says: /snapshot at \d+: BUY level 1 told as 1\.00000000 at/,
    tamper: change("depthSnapshots", ({ bids: [best, ...rest] }) => ({
      bids: [[best?.[0] ?? "1.00000000", "1.00000000"] as const, ...rest],
    })),
  },
  {
    what: "a snapshot that leaves a level out",
    noticed: "contradicted",
    says: /SELL level \d+ told as 0 at nothing/,
    tamper: change("depthSnapshots", ({ asks }) => ({ asks: asks.slice(0, -1) })),
  },
  {
    what: "a snapshot of a book that came later",
    noticed: "contradicted",
    says: /snapshot at \d+/,
    tamper: change("depthSnapshots", ({ lastUpdateId }) => ({ lastUpdateId: lastUpdateId - 4 })),
  },
  {
    what: "a refused order that took effect",
    noticed: "contradicted",
    says: /was refused \(-2010\), and took effect as/,
    tamper: ({ told: { acknowledgements, refusals } }) => {
      const [told] = acknowledgements;
      if (told) refusals.push({ ...told, code: -2010 });
    },
  },
];

describe("audit of what traders were told", () => {
  for (const { what, noticed, says, tamper } of cases)
    it(`notices ${what}`, async () => {
      const world = new World({ commands: 300 });
      tamper(world);
      const audit = await world.audit();
      expect(audit[noticed]).to.not.equal(0);
      expect(textsOf(audit, noticed)).to.match(says);
    });

  it("does not hold a snapshot to more levels than were asked for", async () => {
    const world = new World({ commands: 300 });
    const { depthSnapshots } = world.told;
    for (const [index, { bids, asks, ...told }] of depthSnapshots.entries())
      depthSnapshots[index] = { ...told, limit: 3, bids: bids.slice(0, 3), asks: asks.slice(0, 3) };
    expect((await world.audit()).contradicted).to.equal(0);
  });

  it("takes an order for NEW until it is matched, whatever becomes of it", async () => {
    const world = new World({ commands: 300 });
    const filled = world.told.orders.find(({ status }) => status === "FILLED");
    if (!filled) throw new Error("nothing was filled in the world");
    world.told.orders.push({
      ...filled,
      status: "NEW",
      executedQty: "0.00000000",
      cummulativeQuoteQty: "0.00000000",
    });
    expect((await world.audit()).contradicted).to.equal(0);
  });
});

describe("audit of acknowledgements at a stale epoch", () => {
  const fencedAt = 2_000_000;

  it("notices one that came after the fence and does not stand", async () => {
    const world = new World({ commands: 100 });
    world.handovers = [{ epoch: 2, fencedAt }];
    change("acknowledgements", { t: fencedAt + 30, clientOrderId: "behind the fence" })(world);
    const audit = await world.audit();
    expect(audit.staleEpochAcknowledged).to.equal(1);
    expect(textsOf(audit, "staleEpochAcknowledged")).to.match(
      /in epoch 1, 30 ms after that epoch was fenced off/,
    );
  });

  it("notices one whose command stands, but was accepted in the epoch after", async () => {
    const world = new World({ commands: 100 });
    world.handovers = [{ epoch: 2, fencedAt }];
    change("acknowledgements", { t: fencedAt + 30, epoch: 0 })(world);
    expect((await world.audit()).staleEpochAcknowledged).to.equal(1);
  });

  it("counts from the first fence after the epoch, not from a later one", async () => {
    const world = new World({ commands: 100 });
    world.handovers = [
      { epoch: 3, fencedAt: fencedAt + 1_000 },
      { epoch: 2, fencedAt },
    ];
    change("acknowledgements", { t: fencedAt + 30, clientOrderId: "behind the fence" })(world);
    expect((await world.audit()).staleEpochAcknowledged).to.equal(1);
  });

  it("lets an answer be late whose command was durable before the fence", async () => {
    const world = new World({ commands: 100 });
    world.handovers = [{ epoch: 2, fencedAt }];
    change("acknowledgements", { t: fencedAt + 30 })(world);
    expect((await world.audit()).staleEpochAcknowledged).to.equal(0);
  });

  it("does not take the epoch of a cell that was asked later for the command's", async () => {
    const world = new World({ commands: 100 });
    world.handovers = [{ epoch: 2, fencedAt }];
    change("acknowledgements", { t: fencedAt + 30, clientOrderId: "asked for", by: "query" })(world);
    const audit = await world.audit();
    expect(audit.staleEpochAcknowledged).to.equal(0);
    expect(audit.lostAcknowledged).to.equal(1);
  });
});

/** Changes the first told fact that fits. */
function change<Kind extends ToldKind>(
  kind: Kind,
  to: Partial<Fact<Kind>> | ((fact: Fact<Kind>) => Partial<Fact<Kind>>),
  fits: (fact: Fact<Kind>) => boolean = () => true,
): (world: World) => void {
  return ({ told }) => {
    const facts: Fact<Kind>[] = told[kind];
    const index = facts.findIndex(fits);
    const fact = facts[index];
    if (!fact) throw new Error(`nothing of ${kind} in the world is as the test needs it`);
    facts[index] = { ...fact, ...(typeof to === "function" ? to(fact) : to) };
  };
}

type Fact<Kind extends ToldKind> = World["told"][Kind][number];

const textsOf = (audit: Audit, key: AuditKey): string =>
  audit.examples
    .filter(({ of }) => of === key)
    .map(({ text }) => text)
    .join("\n");
