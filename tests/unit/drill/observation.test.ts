import { findings } from "@castle/dr-runbooks/report/findings.ts";
import { checksOf, type Judged } from "@castle/lab/drill/checks.ts";
import { observation } from "@castle/lab/drill/observation.ts";
import { expect } from "chai";
import { exampleReport } from "../report/example-report.ts";

const judged = (change: Partial<Judged>, lost = 0): Judged => {
  const report = exampleReport();
  return {
    report: { ...report, audit: { ...report.audit, lostAcknowledged: lost } },
    stopped: null,
    unreadable: [],
    held: { labUp: null, steady: null, handovers: [], story: null },
    ending: { activeRegion: "eu-west-1", mode: "paired" },
    ...change,
    promises: {
      handovers: ["failover", "switchover"],
      errors: true,
      replays: true,
      ends: { activeRegion: "eu-west-1", mode: "paired" },
      ...change.promises,
    },
  };
};
const failed = (one: Judged): string[] =>
  checksOf(one)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
const promises = (more: Partial<Judged["promises"]>) => more as Judged["promises"];
const givenUp = { atMost: 10, from: 0, to: 1 };

describe("what a story looks at itself", () => {
  const observes = promises({ observes: ["The disk was full"] });
  const seen = (ok: boolean) => [observation("The disk was full", { wanted: "a", found: "b", ok })];

  it("counts as a check", () => {
    expect(failed(judged({ promises: observes, observed: seen(true) }))).to.deep.equal([]);
    expect(failed(judged({ promises: observes, observed: seen(false) }))).to.deep.equal([
      "The disk was full",
    ]);
  });

  it("fails when nobody looked", () =>
    expect(failed(judged({ promises: observes }))).to.deep.equal(["The disk was full"]));
});

describe("a story in which acknowledgements are lost with consent", () => {
  const losses = promises({ losses: true });

  it("passes when some are lost, and no more than were told", () => {
    expect(failed(judged({ promises: losses, givenUp }, 1))).to.deep.equal([]);
    expect(failed(judged({ promises: losses, givenUp }, 10))).to.deep.equal([]);
  });

  const wrong: [string, number, Judged["givenUp"]][] = [
    ["more are lost than were told", 11, givenUp],
    ["none is lost: the fault was none", 0, givenUp],
    ["nobody consented", 1, null],
  ];
  for (const [what, lost, consent] of wrong)
    it(`fails when ${what}`, () =>
      expect(failed(judged({ promises: losses, givenUp: consent ?? null }, lost))).to.deep.equal([
        "Lost acknowledgements",
      ]));

  it("tells the loss in its check, and not as a finding", () => {
    const one = judged({ promises: losses, givenUp }, 3);
    const checks = checksOf(one);
    expect(checks.find(({ name }) => name === "Lost acknowledgements")?.found).to.equal("3");
    expect(findings({ audit: one.report.audit, checks })).to.deep.equal([]);
  });

  it("is the only one in which a loss is no finding", () => {
    const one = judged({}, 3);
    expect(findings({ audit: one.report.audit, checks: checksOf(one) }).join()).to.contain(
      "3 acknowledged commands",
    );
  });
});
