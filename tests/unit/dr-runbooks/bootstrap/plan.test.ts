import type { Found, FoundDatabase, FoundJournal } from "@castle/dr-runbooks/bootstrap/found.ts";
import { firstRecord, type Plan, planBootstrap, planMigrate } from "@castle/dr-runbooks/bootstrap/plan.ts";
import { cellRegions, homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { itemOf, parseItem } from "@castle/regions/witness/item.ts";
import { expect } from "chai";

const STREAMS = ["wallet", "BTCUSDT"];
const newest = { pending: [], unknown: [] };
const bare = { pending: ["one"], unknown: [] };

type Database = Partial<FoundDatabase>;

/** Deployed and empty; the peer's database is the reader of the home's. */
function empty(change: { home?: Database; peer?: Database; journal?: Partial<FoundJournal> } = {}): Found {
  const databases = cellRegions.map((region) => ({
    ...{ region, writer: region === homeRegion, schema: bare, role: null, streams: [] },
    ...(region === homeRegion ? change.home : change.peer),
  }));
  const journals = cellRegions.map((region) => ({
    ...{ region, schema: bare, epoch: 0 },
    ...(region === peerRegion ? change.journal : {}),
  }));
  return { databases, journals, witness: null };
}

const begun = (of = 1, region = homeRegion as FoundDatabase["region"]): Found => {
  const database = { schema: newest, role: { epoch: of, region }, streams: STREAMS };
  const found = empty({
    home: { ...database, writer: region === homeRegion },
    peer: { ...database, writer: region === peerRegion },
  });
  return {
    ...found,
    journals: cellRegions.map((at) => ({ region: at, schema: newest, epoch: of })),
    witness: { epoch: epoch(of), activeRegion: region, mode: "paired", changedBy: "a gateway" },
  };
};

const kinds = (plan: Plan): string[] =>
  "refused" in plan ? ["refused"] : plan.tasks.map(({ kind }) => kind);
const refusal = (plan: Plan): string => ("refused" in plan ? plan.refused.join("\n") : "not refused");
const bootstrap = (found: Found): Plan => planBootstrap(found, STREAMS);

describe("the first state of a platform", () => {
  it("is both journals, the home database, its role row and streams, and the witness's record last", () => {
    expect(kinds(bootstrap(empty()))).to.deep.equal([
      ...["migrate-journal", "migrate-journal", "migrate-database", "first-state", "first-record"],
    ]);
  });

  it("has a record that every reader of the witness takes: the home cell, alone, in the first epoch", () => {
    const held = { revision: 1, changedAt: 0, record: firstRecord };
    expect(parseItem(itemOf(held))).to.deep.equal({ held });
    expect(firstRecord).to.include({ epoch: 1, activeRegion: homeRegion, mode: "solo" });
  });

  it("goes on where it was broken off", () => {
    const home = { schema: newest, role: { epoch: 1, region: homeRegion }, streams: STREAMS };
    expect(kinds(bootstrap(empty({ home: { schema: newest } })))).to.deep.equal([
      ...["migrate-journal", "migrate-journal", "first-state", "first-record"],
    ]);
    expect(kinds(bootstrap({ ...empty({ home }), journals: begun().journals }))).to.deep.equal([
      "first-record",
    ]);
  });

  it("leaves a platform of the first epoch alone, whatever it lacks", () => {
    expect(bootstrap(begun())).to.deep.equal({ tasks: [] });
    const older = { ...begun(), journals: empty().journals };
    expect(bootstrap(older)).to.deep.equal({ tasks: [] });
  });

  const second = { epoch: 2, region: peerRegion } as const;
  const refusals: [string, Found, RegExp][] = [
    [
      "a role row of another epoch in the home cell",
      empty({ home: { role: second } }),
      /role row of epoch 2/,
    ],
    [
      "a role row of another epoch in the peer cell",
      empty({ peer: { role: second } }),
      /role row of epoch 2/,
    ],
    ["a journal of another epoch", empty({ journal: { epoch: 2 } }), /journal in eu-central-1 is at epoch 2/],
    ["a witness record of another epoch", begun(2, peerRegion), /record of epoch 2, eu-central-1 active/],
    ["a record and no role row", { ...empty(), witness: firstRecord }, /no role row/],
    ["a home database that is no writer", empty({ home: { writer: false } }), /no writer/],
    [
      "a witness that does not answer",
      { ...empty(), witness: { unreachable: "silent" } },
      /witness cannot be asked: silent/,
    ],
    [
      "a journal that does not answer",
      { ...empty(), journals: [{ region: homeRegion, unreachable: "silent" }] },
      /journal in eu-west-1 cannot be asked: silent/,
    ],
    [
      "a schema newer than this release",
      empty({ home: { schema: { pending: [], unknown: ["cell-999"] } } }),
      /cell-999, which this release does not know/,
    ],
  ];
  for (const [what, found, because] of refusals)
    it(`is refused over ${what}`, () => {
      expect(refusal(bootstrap(found))).to.match(because);
    });
});

describe("the newest schema of a platform that has begun", () => {
  it("comes to both journals, and then to the active cell's database, wherever that is", () => {
    const found = begun(2, peerRegion);
    const behind: Found = {
      ...found,
      journals: cellRegions.map((region) => ({ region, schema: bare, epoch: 2 })),
      databases: found.databases.map((one) => ({ ...one, schema: bare })),
    };
    expect(planMigrate(behind)).to.deep.equal({
      tasks: [
        ...cellRegions.map((region) => ({ kind: "migrate-journal", region, migrations: ["one"] })),
        { kind: "migrate-database", region: peerRegion, migrations: ["one"] },
      ],
    });
    expect(planMigrate(found)).to.deep.equal({ tasks: [] });
  });

  it("is refused before the platform has begun, and in the middle of a handover", () => {
    expect(refusal(planMigrate(empty()))).to.match(/castle bootstrap/);
    const taken = { ...begun(1), witness: begun(2, peerRegion).witness };
    expect(refusal(planMigrate(taken))).to.match(/handover is under way/);
  });
});
