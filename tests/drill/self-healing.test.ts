import { playScenario } from "@castle/lab/drill/drill.ts";
import type { ScenarioName } from "@castle/lab/drill/scenarios.ts";
import type { Lab } from "@castle/lab/lab.ts";
import { expect } from "chai";
import { failed } from "./support/report.ts";
import { sharedLab } from "./support/shared-lab.ts";

describe("what trading survives by itself, without a handover", function () {
  this.timeout(600_000);
  let lab: Lab;

  before(async () => {
    lab = await sharedLab();
  });

  const cases: readonly (readonly [string, ScenarioName])[] = [
    ["ordinary load", "ledger"],
    ["one of two gateways killed [exhaustive]", "gateway-loss"],
    ["the matching engine killed", "once"],
    ["Redis killed with all it holds", "cache-loss"],
    ["the peer's journal killed", "journal-loss"],
    ["the disk full beneath the peer's journal [exhaustive]", "full-disk"],
    ["the link between the regions cut: solo, and paired again", "link-loss"],
    ["the peer region killed: solo, and paired again [exhaustive]", "peer-loss"],
  ];
  for (const [what, scenario] of cases)
    it(what, async () => {
      const report = await playScenario({ scenario, rps: 100, seconds: 2 }, { lab });
      expect(failed(report)).to.deep.equal([]);
    });
});
