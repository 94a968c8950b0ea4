import { brokenInvariants } from "@castle/dr-runbooks/cells/invariants.ts";
import { expect } from "chai";
import { CellOfTests } from "./support/cell-of-tests.ts";

describe("the invariants of a cell's database", () => {
  let cell: CellOfTests;
  before(async () => {
    cell = await CellOfTests.start("eu-west-1");
  });
  after(() => cell.stop());
  beforeEach(async () => {
    await cell.reset({ epoch: 1, region: "eu-west-1", gate: "closed", durability: "solo" });
    await cell.accept("wallet", 1, 3);
    await cell.applied("wallet", 3);
    await cell.database.raw(`
      insert into posting values
        ('wallet', 1, 2, 0, 'USDT', 'free', -100), ('wallet', 1, 3, 7, 'USDT', 'free', 100),
        ('BTCUSDT', 1, 0, 7, 'USDT', 'free', -40), ('BTCUSDT', 1, 1, 7, 'USDT', 'locked', 40);
      insert into balance values (0, 'USDT', -100, 0), (7, 'USDT', 60, 40), (8, 'BTC', 0, 0)`);
  });

  it("hold in a ledger that is well: money came from outside, and some of it is locked", async () => {
    expect(await brokenInvariants(cell.database)).to.deep.equal([]);
  });

  const cases: [string, string, RegExp[]][] = [
    [
      "a command is missing",
      "delete from command where stream = 'wallet' and seq = 2",
      [/stream wallet ends at 3 and holds 2 commands from 1 to 3/],
    ],
    [
      "the last command is missing",
      "delete from command where stream = 'wallet' and seq = 3",
      [/stream wallet ends at 3 and holds 2 commands from 1 to 2/],
    ],
    [
      "there is a command past the stream's end",
      "update stream set last_seq = 2 where name = 'wallet'; update progress set applied_seq = 2 where stream = 'wallet'",
      [/stream wallet ends at 2 and holds 3 commands/],
    ],
    [
      "the engines are past the stream's end",
      "update progress set applied_seq = 4 where stream = 'wallet'",
      [/4 applied/],
    ],
    [
      "a posting is missing",
      "delete from posting where stream = 'wallet' and leg = 3",
      [/postings of USDT sum to -100, not to 0/, /account 7, USDT: free is 60, its postings sum to -40/],
    ],
    [
      "a balance is not what was posted",
      "update balance set locked = 41 where account_id = 7",
      [/account 7, USDT: locked is 41, its postings sum to 40/],
    ],
    [
      "a balance has no postings",
      "update balance set free = 1 where account_id = 8",
      [/account 8, BTC: free is 1, its postings sum to 0/],
    ],
    [
      "postings have no balance",
      "delete from balance where account_id = 7",
      [
        /account 7, USDT: free is 0, its postings sum to 60/,
        /account 7, USDT: locked is 0, its postings sum to 40/,
      ],
    ],
    [
      "a trader owes",
      `alter table balance drop constraint balance_not_below_zero;
       insert into posting values ('wallet', 2, 2, 7, 'USDT', 'free', -61), ('wallet', 2, 3, 0, 'USDT', 'free', 61);
       update balance set free = free - 61 where account_id = 7; update balance set free = free + 61 where account_id = 0`,
      [/account 7 has -1 USDT free, 40 locked/],
    ],
  ];
  for (const [what, breaking, told] of cases)
    it(`are broken when ${what}, and nothing else is told`, async () => {
      await cell.database.raw(breaking);
      const broken = await brokenInvariants(cell.database);
      expect(broken).to.have.length(told.length);
      for (const [index, pattern] of told.entries()) expect(broken[index]).to.match(pattern);
    });
});
