import { type CellRegion, cellRegions, peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import { epoch, nextEpoch } from "@castle/regions/epoch.ts";
import type { Mode } from "@castle/regions/role.ts";
import {
  alreadyMade,
  transition,
  type WitnessChange,
  type WitnessRecord,
  type WitnessRefusal,
} from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import fc from "fast-check";

const NOW = epoch(5);
type Expected = "paired" | "solo" | "handed over" | WitnessRefusal;
type Row = readonly [change: WitnessChange, whenPaired: Expected, whenSolo: Expected];

/** Every change that can be asked for while `active` holds epoch 5, and what the witness makes of it. */
function table(active: CellRegion): readonly Row[] {
  const standby = peerOf(active);
  const by = "the asker";
  const solo = (region: RegionName, at: number): WitnessChange => ({
    kind: "go-solo",
    region,
    epoch: epoch(at),
    by,
  });
  const pair = (region: RegionName, at: number): WitnessChange => ({
    kind: "pair",
    region,
    epoch: epoch(at),
    by,
  });
  const handOver = (to: CellRegion, from: number, consentToLoss: boolean): WitnessChange => ({
    kind: "hand-over",
    to,
    from: epoch(from),
    by,
    consentToLoss,
  });
  return [
    [solo(active, 5), "solo", "already-solo"],
    [solo(active, 4), "stale-epoch", "stale-epoch"],
    [solo(active, 6), "stale-epoch", "stale-epoch"],
    [solo(standby, 5), "not-the-active-region", "not-the-active-region"],
    [solo(standby, 4), "stale-epoch", "stale-epoch"],
    [solo(standby, 6), "stale-epoch", "stale-epoch"],
    [pair(active, 5), "already-paired", "paired"],
    [pair(active, 4), "stale-epoch", "stale-epoch"],
    [pair(active, 6), "stale-epoch", "stale-epoch"],
    [pair(standby, 5), "not-the-active-region", "not-the-active-region"],
    [pair(standby, 4), "stale-epoch", "stale-epoch"],
    [pair(standby, 6), "stale-epoch", "stale-epoch"],
    [handOver(standby, 5, false), "handed over", "solo-needs-consent"],
    [handOver(standby, 5, true), "handed over", "handed over"],
    [handOver(standby, 4, false), "stale-epoch", "stale-epoch"],
    [handOver(standby, 4, true), "stale-epoch", "stale-epoch"],
    [handOver(standby, 6, false), "stale-epoch", "stale-epoch"],
    [handOver(standby, 6, true), "stale-epoch", "stale-epoch"],
    [handOver(active, 5, false), "already-active-there", "already-active-there"],
    [handOver(active, 5, true), "already-active-there", "already-active-there"],
    [handOver(active, 4, false), "stale-epoch", "stale-epoch"],
    [handOver(active, 4, true), "stale-epoch", "stale-epoch"],
    [handOver(active, 6, false), "stale-epoch", "stale-epoch"],
    [handOver(active, 6, true), "stale-epoch", "stale-epoch"],
  ];
}

function told(change: WitnessChange): string {
  if (change.kind === "hand-over")
    return `hand-over to ${change.to} from epoch ${change.from}${change.consentToLoss ? " with consent" : ""}`;
  return `${change.kind} by ${change.region} in epoch ${change.epoch}`;
}

function result(current: WitnessRecord, change: WitnessChange): Expected {
  const decided = transition(current, change);
  if (!decided.ok) return decided.refusal;
  return decided.record.epoch === current.epoch ? decided.record.mode : "handed over";
}

describe("the witness's transitions", () => {
  for (const active of cellRegions)
    for (const [column, mode] of [
      [1, "paired"],
      [2, "solo"],
    ] as const)
      describe(`while ${active} is active in epoch 5, ${mode}`, () => {
        const current: WitnessRecord = {
          epoch: NOW,
          activeRegion: active,
          mode,
          changedBy: "the one before",
        };
        for (const row of table(active)) {
          const [change, expected] = [row[0], row[column]];
          it(`answers ${told(change)}: ${expected}`, () => {
            expect(result(current, change)).to.equal(expected);
          });
        }
      });

  it("hands over into the next epoch, solo, and signs with the asker", () => {
    const current: WitnessRecord = {
      epoch: NOW,
      activeRegion: "eu-west-1",
      mode: "paired",
      changedBy: "gateway",
    };
    expect(
      transition(current, {
        kind: "hand-over",
        to: "eu-central-1",
        from: NOW,
        by: "operator",
        consentToLoss: false,
      }),
    ).to.deep.equal({
      ok: true,
      record: { epoch: 6, activeRegion: "eu-central-1", mode: "solo", changedBy: "operator" },
    });
  });
});

const modes: readonly Mode[] = ["paired", "solo"];
const region = fc.constantFrom(...cellRegions);
const someEpoch = fc.integer({ min: 1, max: 4 }).map(epoch);
const who = fc.constantFrom("a", "b");
const change: fc.Arbitrary<WitnessChange> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("go-solo" as const, "pair" as const),
    region,
    epoch: someEpoch,
    by: who,
  }),
  fc.record({
    kind: fc.constant("hand-over" as const),
    to: region,
    from: someEpoch,
    by: who,
    consentToLoss: fc.boolean(),
  }),
);
const record: fc.Arbitrary<WitnessRecord> = fc.record({
  epoch: someEpoch,
  activeRegion: region,
  mode: fc.constantFrom(...modes),
  changedBy: who,
});

describe("the witness's laws, whatever is asked", () => {
  it("changes the active region only together with the epoch, by one", () => {
    fc.assert(
      fc.property(record, change, (current, asked) => {
        const decided = transition(current, asked);
        if (!decided.ok) return;
        const moved = decided.record.activeRegion !== current.activeRegion;
        expect(decided.record.epoch).to.equal(moved ? nextEpoch(current.epoch) : current.epoch);
      }),
    );
  });

  it("lets at most one of two changes that hand over from the same record succeed", () => {
    fc.assert(
      fc.property(record, change, change, (current, first, second) => {
        fc.pre(first.kind === "hand-over" && second.kind === "hand-over");
        const decided = transition(current, first);
        fc.pre(decided.ok);
        if (decided.ok && "from" in first && "from" in second && first.from === second.from)
          expect(transition(decided.record, second).ok).to.equal(false);
      }),
    );
  });

  it("recognises a change it has just made as made, and only by the one who asked for it", () => {
    fc.assert(
      fc.property(record, change, (current, asked) => {
        const decided = transition(current, asked);
        if (!decided.ok) return;
        expect(alreadyMade(decided.record, asked)).to.equal(true);
        expect(alreadyMade(decided.record, { ...asked, by: `not ${asked.by}` })).to.equal(false);
      }),
    );
  });

  it("never takes a record for made that the change could not have left behind", () => {
    fc.assert(
      fc.property(record, change, (current, asked) => {
        if (!alreadyMade(current, asked)) return;
        const left = asked.kind === "hand-over" ? asked.to : asked.region;
        expect(current.activeRegion).to.equal(left);
        expect(transition(current, asked).ok, "it would still be possible, so it was not made").to.equal(
          false,
        );
      }),
    );
  });
});
