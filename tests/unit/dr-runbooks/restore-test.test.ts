import { tellRestore } from "@castle/dr-runbooks/cli/restore-test-command.ts";
import { judgeRestored, type Live, type Restored } from "@castle/dr-runbooks/restore-test/look-inside.ts";
import type { RestoreTold } from "@castle/dr-runbooks/restore-test/restore-test.ts";
import { expect } from "chai";

const live: Live = {
  schema: ["cell-001", "cell-002"],
  streams: new Map([
    ["BTCUSDT", { lastSeq: 9, before: 5 }],
    ["NEW", { lastSeq: 2, before: 0 }],
  ]),
};
const restored = (change: Partial<Restored> = {}): Restored => ({
  ...{ schema: ["cell-001", "cell-002"], streams: new Map([["BTCUSDT", 7]]), broken: [] },
  ...change,
});

describe("what was restored, against the live ledger", () => {
  const cases: [string, Partial<Restored>, string[]][] = [
    ["is right when it ends between what was surely in it and now", {}, []],
    ["may lack a migration, and a stream, that came later", { schema: ["cell-001"] }, []],
    ["must have a schema", { schema: [] }, ["it has no schema"]],
    [
      "may not have a schema that the live one has not",
      { schema: ["cell-001", "cell-009"] },
      ["it has migrations that the live database has not: cell-009"],
    ],
    ["may not lack a stream that was there", { streams: new Map() }, ["stream BTCUSDT is missing"]],
    [
      "may not end before what was surely in it",
      { streams: new Map([["BTCUSDT", 4]]) },
      ["stream BTCUSDT ends at 4, and held 5 before it was taken"],
    ],
    [
      "may not go further than the live one",
      { streams: new Map([["BTCUSDT", 10]]) },
      ["stream BTCUSDT ends at 10, behind the live one's end at 9"],
    ],
    ["may break no invariant", { broken: ["postings of USDT sum to 1"] }, ["postings of USDT sum to 1"]],
  ];
  for (const [claim, change, wrong] of cases)
    it(claim, () => {
      expect(judgeRestored(restored(change), live)).to.deep.equal(wrong);
    });
});

describe("a restore test in words", () => {
  const told: RestoreTold = {
    ...{ region: "eu-central-1", cluster: "castle-restore-test-1", holds: true, ended: false, problems: [] },
    snapshot: { identifier: "rds:castle-1", takenAt: 1_000 },
    ...{ streams: { BTCUSDT: 7 }, restoreMs: 2_000, lookMs: 500, ms: 3_000, removed: true },
  };

  it("says what was restored, how long it took, and that it is gone", () => {
    const text = tellRestore(told, 61_000).join("\n");
    expect(text).to.match(/^RESTORES {2}rds:castle-1 of eu-central-1, taken /);
    expect(text)
      .to.contain("BTCUSDT   up to 7")
      .and.to.match(/deleted +castle-restore-test-1$/);
  });

  it("claims nothing of one that somebody ended", () => {
    const text = tellRestore({ ...told, holds: false, ended: true }, 61_000).join("\n");
    expect(text).to.match(/^NOT SHOWN/);
    expect(text).to.not.contain("RESTORE");
  });

  it("says what is wrong, and what was left", () => {
    const bad = { ...told, holds: false, problems: ["it has no schema"], restoreMs: null, removed: false };
    const text = tellRestore(bad, 61_000).join("\n");
    expect(text).to.match(/^DOES NOT RESTORE/);
    expect(text)
      .to.contain("it has no schema")
      .and.to.contain("never took connections")
      .and.to.match(/LEFT +castle/);
  });
});
