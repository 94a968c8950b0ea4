import { sabotages } from "@castle/dr-runbooks/report/report.ts";
import { BadDrillOptions, drillOptions } from "@castle/lab/drill/options.ts";
import { scenarioNames, scenarios } from "@castle/lab/drill/scenarios.ts";
import { expect } from "chai";

const mistakes = (input: Record<string, unknown>): string[] => {
  try {
    drillOptions(input);
  } catch (error) {
    if (error instanceof BadDrillOptions) return error.message.split("\n");
    throw error;
  }
  return [];
};

describe("options of a drill", () => {
  it("plays the loss of a region at 500 requests a second unless told otherwise", () => {
    const { seed, ...rest } = drillOptions({});
    expect(rest).to.deep.equal({
      scenario: "region-loss",
      sabotage: null,
      rps: 500,
      seconds: 12,
      symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
      rttMs: 20,
      accounts: 100,
      judgeSpeed: true,
    });
    expect(Number.isSafeInteger(seed)).to.equal(true);
  });

  it("reads numbers as a command line gives them", () =>
    expect(
      drillOptions({ rps: "50", seconds: "5", seed: "7", symbols: "1", rtt: "0", accounts: "2" }),
    ).to.include({
      rps: 50,
      seconds: 5,
      seed: 7,
      rttMs: 0,
      accounts: 2,
    }));

  for (const name of sabotages)
    it(`plays the story of the broken mechanism: ${name}`, () => {
      expect(drillOptions({ break: name })).to.include({ scenario: name, sabotage: name, judgeSpeed: false });
      expect(drillOptions({ scenario: name })).to.include({ scenario: name, sabotage: null });
    });

  const refused: [string, Record<string, unknown>, string][] = [
    ["a rate that is no number", { rps: "many" }, "rps must be a whole number from 10 to 5000"],
    ["a rate of nothing", { rps: "" }, "rps must be a whole number from 10 to 5000"],
    ["a rate that is too low", { rps: "9" }, "rps must be a whole number from 10 to 5000"],
    ["part of a second", { seconds: "2.5" }, "seconds must be a whole number from 2 to 3600"],
    ["a negative seed", { seed: "-1" }, "seed must be a whole number from 0 to 2147483647"],
    ["more markets than there are", { symbols: "7" }, "symbols must be a whole number from 1 to 6"],
    ["a negative round trip", { rtt: "-5" }, "rtt must be a whole number from 0 to 1000"],
    ["a single trader", { accounts: "1" }, "accounts must be a whole number from 2 to 2000"],
    ["an unknown story", { scenario: "flood" }, `scenario must be one of ${scenarioNames.join(", ")}`],
    ["an unknown mechanism", { break: "glass" }, "break must be one of fence, journal, mark, once, ledger"],
    [
      "a story that is another mechanism's",
      { scenario: "ledger", break: "fence" },
      'break "fence" plays the scenario "fence", not "ledger": leave scenario out',
    ],
  ];
  for (const [what, input, message] of refused)
    it(`refuses ${what}`, () => expect(mistakes(input)).to.deep.equal([message]));

  it("names every mistake at once", () =>
    expect(mistakes({ rps: "x", rtt: "y", accounts: "z" })).to.have.length(3));
});

describe("scenarios", () => {
  for (const name of scenarioNames)
    it(`${name} has a story, and steady load to judge`, () => {
      const { story, acts } = scenarios[name];
      expect(story({ rps: 500 })).to.match(/^\S.+\.$/);
      expect(acts.some(({ kind }) => kind === "steady")).to.equal(true);
    });

  it("have one for every mechanism that can be broken", () =>
    expect(scenarioNames).to.include.members([...sabotages]));
});
