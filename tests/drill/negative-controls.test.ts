import type { Report, Sabotage } from "@castle/dr-runbooks/report/report.ts";
import { playScenario } from "@castle/lab/drill/drill.ts";
import type { ScenarioName } from "@castle/lab/drill/scenarios.ts";
import type { Lab } from "@castle/lab/lab.ts";
import { homeRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { failed } from "./support/report.ts";
import { sharedLab } from "./support/shared-lab.ts";

const load = { rps: 100, seconds: 2 } as const;

/** Played beside each other, each in a lab of its own: much of a story is waiting. */
const pairs: readonly (readonly [Sabotage, Sabotage])[] = [
  ["fence", "ledger"],
  ["journal", "once"],
];

describe("an audit that can fail: one mechanism broken on purpose", function () {
  this.timeout(600_000);

  const playing = new Map<Sabotage, Promise<Report>>();
  const broken = async (sabotage: Sabotage): Promise<Report["audit"]> => {
    for (const kind of pairs.find((pair) => pair.includes(sabotage)) ?? [sabotage]) {
      if (playing.has(kind)) continue;
      const played = playScenario({ break: kind, ...load });
      played.catch(() => undefined); // the test it belongs to says so
      playing.set(kind, played);
    }
    const report = await playing.get(sabotage);
    if (!report) throw new Error(`${sabotage} was not played`);
    expect(report.verdict).to.equal("fail");
    return report.audit;
  };
  after(() => Promise.allSettled(playing.values()));

  it("finds stale acknowledgements when the fence is open", async () => {
    expect((await broken("fence")).staleEpochAcknowledged).to.be.above(0);
  });

  it("finds money out of nowhere when a posting is dropped", async () => {
    expect((await broken("ledger")).conserved).to.equal(false);
  });

  it("finds lost acknowledgements when the journal says yes before it has stored anything", async () => {
    expect((await broken("journal")).lostAcknowledged).to.be.above(0);
  });

  it("finds duplicated effects when an engine forgets what it has applied", async () => {
    expect((await broken("once")).duplicatedEffects).to.be.above(0);
  });
});

/** The scenarios "once" and "ledger" are played unbroken among what trading survives by itself. */
describe("the same stories with nothing broken", function () {
  this.timeout(600_000);

  const unbroken = async (scenario: ScenarioName, lab: Lab) =>
    expect(failed(await playScenario({ scenario, ...load }, { lab }))).to.deep.equal([]);

  it("passes when the old cell wakes up behind the fence, believing itself active", async () => {
    await unbroken("fence", await sharedLab());
  });

  it("passes when the last acknowledgements stand in the journal alone, and brings them back", async () => {
    const lab = await sharedLab();
    await unbroken("journal", lab);
    await lab.region(homeRegion).restore();
  });
});
