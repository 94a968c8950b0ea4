import { disturbance, disturbanceBeside, failing, worksOffBacklog } from "@castle/lab/drill/calm.ts";
import type { SecondFigures } from "@castle/lab/traders/figures.ts";
import { expect } from "chai";

const calm: SecondFigures = {
  t: 0,
  sent: 500,
  acknowledged: 460,
  refused: 10,
  answered: 30,
  errors: 0,
  p50: 30,
  p99: 60,
  pending: 20,
  lastAcknowledgedAt: 0,
};

describe("undisturbed load", () => {
  it("has its answers at the requested rate, and few requests under way", () =>
    expect(disturbance(calm, 500)).to.equal(null));

  for (const [what, second, because] of [
    ["before the first second", null, "nothing was answered yet"],
    ["with an error", { ...calm, errors: 1 }, "1 errors in a second"],
    ["while answers are missing", { ...calm, acknowledged: 400 }, "only 440 answers in a second"],
    [
      "while a backlog is worked off",
      { ...calm, acknowledged: 560 },
      "600 answers in a second: a backlog is being worked off",
    ],
    ["while many requests wait", { ...calm, pending: 251 }, "251 requests under way"],
  ] as const)
    it(`is not there ${what}`, () => expect(disturbance(second, 500)).to.equal(because));

  it("comes nearer while more is answered than is asked, and nothing fails", () => {
    expect(worksOffBacklog({ ...calm, acknowledged: 560 }, 500)).to.equal(true);
    expect(worksOffBacklog({ ...calm, acknowledged: 560, errors: 1 }, 500)).to.equal(false);
    expect(worksOffBacklog(calm, 500)).to.equal(false);
  });
});

describe("load beside others", () => {
  const slow = { ...calm, acknowledged: 40, pending: 300 };

  it("need not have the requested rate while others hold the machine", () =>
    expect(disturbanceBeside(slow, 500, () => "other processes used 60 % of the machine")).to.equal(null));

  it("must have it while nobody but Castle does", () =>
    expect(disturbanceBeside(slow, 500, () => null)).to.equal("only 80 answers in a second"));

  it("must be served without errors in any case", () =>
    expect(disturbanceBeside({ ...slow, errors: 3 }, 500, () => "held")).to.equal("3 errors in a second"));
});

describe("traders who are served", () => {
  it("may be few, and have to wait, on a slow machine", () =>
    expect(failing({ ...calm, acknowledged: 1, pending: 1_000 }, 500)).to.equal(null));

  for (const [what, second, because] of [
    ["before the first second", null, "nothing was answered yet"],
    ["with an error", { ...calm, errors: 2 }, "2 errors in a second"],
    ["without an acknowledgement", { ...calm, acknowledged: 0 }, "no acknowledgement in a second"],
    ["while more and more of them wait", { ...calm, pending: 1_001 }, "1001 requests under way"],
  ] as const)
    it(`are none ${what}`, () => expect(failing(second, 500)).to.equal(because));
});
