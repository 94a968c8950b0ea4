import { chosen, playLine } from "@castle/lab/cli/drill-all.ts";
import { listedScenarios, listText } from "@castle/lab/cli/drill-list.ts";
import { playsOf } from "@castle/lab/drill/all.ts";
import { drillOptions } from "@castle/lab/drill/options.ts";
import { aliases, scenarioNames } from "@castle/lab/drill/scenario-names.ts";
import { scenarios } from "@castle/lab/drill/scenarios.ts";
import { expect } from "chai";

describe("castle drill --list", () => {
  it("tells of every scenario what happens and what must hold, each in a line", () => {
    const listed = listedScenarios();
    expect(listed.map(({ name }) => name)).to.deep.equal([...scenarioNames]);
    for (const { happens, holds } of listed)
      for (const line of [happens, holds]) expect(line).to.match(/^\S[^\n]{10,160}[^.\s]$/);
    const text = listText(listed);
    for (const name of [...scenarioNames, ...Object.keys(aliases)]) expect(text).to.contain(name);
  });

  it("has no scenario that is not listed", () =>
    expect(Object.keys(scenarios).sort()).to.deep.equal([...scenarioNames].sort()));

  for (const [alias, name] of Object.entries(aliases))
    it(`plays ${name} when asked for ${alias}`, () => {
      expect(scenarioNames).not.to.include(alias);
      expect(drillOptions({ scenario: alias }).scenario).to.equal(name);
    });
});

describe("castle drill --all", () => {
  it("plays every scenario, or those asked for, aliases included", () => {
    expect(chosen(undefined)).to.deep.equal([...scenarioNames]);
    expect(chosen("region-loss, database-lag,ledger")).to.deep.equal(["ledger", "region-loss", "journal"]);
  });

  it("refuses names it does not know, and names them", () =>
    expect(() => chosen("ledger,flood,drought")).to.throw(/unknown scenario: flood, drought; known: /));

  it("plays all of them once before any of them again", () =>
    expect(playsOf(["ledger", "fence"], 2)).to.deep.equal([
      { scenario: "ledger", nth: 1 },
      { scenario: "fence", nth: 1 },
      { scenario: "ledger", nth: 2 },
      { scenario: "fence", nth: 2 },
    ]));

  it("says after each what is wrong, and how long the others may take", () => {
    const play = {
      ...{ scenario: "fence", nth: 2, seed: 5, happens: "", holds: "", tookMs: 9_000, gaps: [] },
      ...{ counts: null, latencyMs: null, report: null },
    };
    expect(playLine({ ...play, verdict: "pass", findings: [] }, 3, [9_000, 11_000])).to.match(
      /✓ fence \(2\) .*3 to go, about 30 s$/,
    );
    expect(playLine({ ...play, verdict: "fail", findings: ["It broke."] }, 0, [9_000])).to.match(
      /✗ fence \(2\) [^·]*\n {6}It broke\. \(seed 5\)$/,
    );
  });
});

describe("what the stories promise to look at", () => {
  it("is looked at by name once, and the loss of acknowledgements is expected in one story alone", () => {
    for (const name of scenarioNames) {
      const { observes = [] } = scenarios[name].promises;
      expect(new Set(observes).size).to.equal(observes.length);
    }
    const losing = scenarioNames.filter((name) => scenarios[name].promises.losses);
    expect(losing).to.deep.equal(["loss-in-solo"]);
  });
});
