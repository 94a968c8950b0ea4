import type { Audit, AuditKey } from "@castle/dr-runbooks/report/report.ts";
import { EXTERNAL_ACCOUNT } from "@castle/services/kernel/domain/command.ts";
import { expect } from "chai";
import { World } from "./support/world.ts";

/** What goes wrong in the database, and the question of the audit that must notice. */
const cases: readonly { what: string; noticed: AuditKey; says: RegExp; tamper: (world: World) => void }[] = [
  {
    what: "a command missing in the middle of a stream",
    noticed: "seqGaps",
    says: /BTCUSDT 7 is missing in the command log/,
    tamper: ({ streams }) => streams.get("BTCUSDT")?.commands.splice(6, 1),
  },
  {
    what: "a stream that says it reaches further than its commands",
    noticed: "seqGaps",
    says: /the stream says that it reaches to/,
    tamper: (world) => {
      world.lastSeqMoved = 2;
    },
  },
  {
    what: "a stream that says it ends before its last command",
    noticed: "seqGaps",
    says: /beyond its end/,
    tamper: (world) => {
      world.lastSeqMoved = -1;
    },
  },
  {
    what: "one client id with two commands",
    noticed: "duplicatedEffects",
    says: /is both BTCUSDT 3 and BTCUSDT 4/,
    tamper: (world) => {
      const { commands } = world.stream("BTCUSDT");
      const [third, fourth] = [at(commands, 2), at(commands, 3)];
      commands[3] = {
        ...fourth,
        accountId: third.accountId,
        clientId: third.clientId,
        command: third.command,
      };
    },
  },
  {
    what: "a place in a stream taken twice",
    noticed: "duplicatedEffects",
    says: /BTCUSDT 5 stands twice in the command log/,
    tamper: (world) => {
      const { commands } = world.stream("BTCUSDT");
      commands.splice(5, 0, { ...at(commands, 4), clientId: "another" });
    },
  },
  {
    what: "an accepted command that no engine applied",
    noticed: "contradicted",
    says: /was accepted and never applied/,
    tamper: (world) => {
      world.appliedSeqMoved = -1;
    },
  },
  {
    what: "an outcome recorded twice",
    noticed: "duplicatedEffects",
    says: /the outcome of BTCUSDT 5 stands more than once/,
    tamper: (world) => {
      const { outcomes } = world.stream("BTCUSDT");
      outcomes.push(at(outcomes, 4));
    },
  },
  {
    what: "an outcome of no command",
    noticed: "duplicatedEffects",
    says: /the replay does not come to it/,
    tamper: (world) => world.stream("BTCUSDT").outcomes.push({ seq: 9_999, body: "{}" }),
  },
  {
    what: "an outcome that the replay does not come to",
    noticed: "contradicted",
    says: /the outcome of BTCUSDT 5 is .* the replay comes to/,
    tamper: (world) => {
      const { outcomes } = world.stream("BTCUSDT");
      const { seq, body } = at(outcomes, 4);
      outcomes[4] = { seq, body: body.replace(/"time":\d+/, '"time":1') };
    },
  },
  {
    what: "an applied command without its outcome",
    noticed: "contradicted",
    says: /BTCUSDT 5 was applied and has no outcome/,
    tamper: (world) => world.stream("BTCUSDT").outcomes.splice(4, 1),
  },
  {
    what: "a trade recorded twice",
    noticed: "duplicatedEffects",
    says: /trade \d+ stands more than once/,
    tamper: ({ trades }) => trades.push(at(trades, 0)),
  },
  {
    what: "a trade that never happened",
    noticed: "duplicatedEffects",
    says: /trade 1 stands, and the replay does not come to it/,
    tamper: ({ trades }) => trades.push({ ...at(trades, 0), tradeId: 1 }),
  },
  {
    what: "a trade at another price than the replay's",
    noticed: "contradicted",
    says: /differs from the replay: price 1, not/,
    tamper: ({ trades }) => {
      trades[0] = { ...at(trades, 0), price: "1" };
    },
  },
  {
    what: "a trade that went missing",
    noticed: "contradicted",
    says: /trade \d+ does not stand/,
    tamper: ({ trades }) => trades.pop(),
  },
  {
    what: "an order nobody placed",
    noticed: "duplicatedEffects",
    says: /order 9999 stands, and the replay does not come to it/,
    tamper: ({ orders }) => orders.push({ ...at(orders, 0), orderId: 9_999, status: "CANCELED" }),
  },
  {
    what: "an order in another state than the replay's",
    noticed: "contradicted",
    says: /order \d+ differs from the replay: status EXPIRED, not/,
    tamper: ({ orders }) => {
      const other = orders.findIndex(({ status }) => status !== "EXPIRED");
      orders[other] = { ...at(orders, other), status: "EXPIRED" };
    },
  },
  {
    what: "an order that went missing",
    noticed: "contradicted",
    says: /order \d+ does not stand/,
    tamper: ({ orders }) => orders.pop(),
  },
  {
    what: "a posting written twice",
    noticed: "duplicatedEffects",
    says: /posting 2 of wallet 2 stands more than once/,
    tamper: ({ postings }) => postings.push(posting(postings, "wallet", 2, 2)),
  },
  {
    what: "postings of no command",
    noticed: "duplicatedEffects",
    says: /postings of BTCUSDT 9999 stand for no command/,
    tamper: ({ postings }) =>
      postings.push({ ...posting(postings, "wallet", 2, 2), stream: "BTCUSDT", seq: 9_999 }),
  },
  {
    what: "a posting that was dropped",
    noticed: "conserved",
    says: /the postings of wallet 2 sum to -?\d+\.\d+ \w+, not to 0/,
    tamper: ({ postings }) => postings.splice(postings.indexOf(posting(postings, "wallet", 2, 2)), 1),
  },
  {
    what: "all postings of a command dropped",
    noticed: "conserved",
    says: /wallet 2 moved money and stands without postings/,
    tamper: ({ postings }) => {
      for (const leg of [2, 3]) postings.splice(postings.indexOf(posting(postings, "wallet", 2, leg)), 1);
    },
  },
  {
    what: "money that went to somebody else, though nothing is missing",
    noticed: "conserved",
    says: /wallet 2 posted .* the replay comes to/,
    tamper: ({ postings }) => {
      const credited = posting(postings, "wallet", 2, 3);
      postings[postings.indexOf(credited)] = { ...credited, accountId: 2 };
    },
  },
  {
    what: "a hold of another amount than was accepted",
    noticed: "conserved",
    says: /the hold of BTCUSDT 1 is .*, accepted was/,
    tamper: ({ postings }) => {
      for (const leg of [0, 1]) {
        const held = posting(postings, "BTCUSDT", 1, leg);
        postings[postings.indexOf(held)] = { ...held, amount: held.amount * 2n };
      }
    },
  },
  {
    what: "a balance that is not the sum of its postings",
    noticed: "conserved",
    says: /its postings sum to/,
    tamper: ({ balances }) => {
      balance(balances).free += 1n;
    },
  },
  {
    what: "a balance that is missing",
    noticed: "conserved",
    says: /and no such balance/,
    tamper: (world) => {
      world.balances = world.balances.filter((kept) => kept !== balance(world.balances));
    },
  },
  {
    what: "more locked than open orders hold",
    noticed: "conserved",
    says: /locked, its open orders hold/,
    tamper: (world) => {
      const open = world.orders.find(({ status }) => status === "NEW");
      world.orders = world.orders.filter((order) => order !== open);
    },
  },
  {
    what: "a trader's balance below zero",
    noticed: "negativeBalances",
    says: /balance \d+ \w+ free is -/,
    tamper: ({ balances }) => {
      balance(balances).free = -1n;
    },
  },
];

describe("audit of a ledger", () => {
  for (const { what, noticed, says, tamper } of cases)
    it(`notices ${what}`, async () => {
      const world = new World({ commands: 200 });
      tamper(world);
      const audit = await world.audit();
      expect(noticedIn(audit, noticed)).to.equal(true);
      expect(textsOf(audit, noticed)).to.match(says);
    });

  it("lets only what came from outside be below zero", async () => {
    const world = new World({ commands: 50 });
    const outside = world.balances.filter(({ accountId }) => accountId === EXTERNAL_ACCOUNT);
    expect(outside.every(({ free }) => free < 0n)).to.equal(true);
    expect((await world.audit()).negativeBalances).to.equal(0);
  });

  it("names a market that the database does not know", async () => {
    const world = new World({ commands: 50 });
    world.streams.delete("ETHUSDT");
    expect(textsOf(await world.audit(), "seqGaps")).to.match(/knows no stream ETHUSDT/);
  });

  it("counts every finding, and keeps the first 20 as text", async () => {
    const world = new World({ commands: 200 });
    world.lastSeqMoved = 50;
    const audit = await world.audit();
    expect(audit.seqGaps).to.equal(150); // 50 in each of three streams
    expect(audit.examples.filter(({ of }) => of === "seqGaps")).to.have.length(20);
  });

  it("says nothing of effects behind a gap: nobody can replay them", async () => {
    const world = new World({ commands: 200 });
    world.stream("BTCUSDT").commands.splice(2, 1);
    const audit = await world.audit();
    expect(audit.seqGaps).to.equal(1);
    expect(textsOf(audit, "duplicatedEffects")).not.to.match(/BTCUSDT 4[^\d]/);
  });
});

const noticedIn = (audit: Audit, key: AuditKey): boolean =>
  key === "conserved" ? !audit.conserved : audit[key] > 0;

const textsOf = (audit: Audit, key: AuditKey): string =>
  audit.examples
    .filter(({ of }) => of === key)
    .map(({ text }) => text)
    .join("\n");

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`the world is too small: nothing at ${index}`);
  return found;
}

function posting(
  postings: World["postings"],
  stream: string,
  seq: number,
  leg: number,
): World["postings"][number] {
  const found = postings.find((one) => one.stream === stream && one.seq === seq && one.leg === leg);
  if (!found) throw new Error(`the world has no posting ${leg} of ${stream} ${seq}`);
  return found;
}

const balance = (balances: World["balances"]) =>
  at(
    balances.filter(({ accountId }) => accountId === 1),
    0,
  );
