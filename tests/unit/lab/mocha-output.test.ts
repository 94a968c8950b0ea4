import { expect } from "chai";
import { failuresOf, mochaCount } from "../../../scripts/mocha-output.ts";

describe("counting mocha's results", () => {
  for (const { says, output, count } of [
    {
      says: "of a run that passed",
      output: "\n  12 passing (60ms)\n\n",
      count: { passed: 12, failed: 0, skipped: 0 },
    },
    {
      says: "of a run with failures and skipped tests",
      output: "  3 passing (2s)\n  1 pending\n  2 failing\n\n  1) x\n",
      count: { passed: 3, failed: 2, skipped: 1 },
    },
    {
      says: "in colour",
      output:
        "\u001b[92m \u001b[0m\u001b[32m 7 passing\u001b[0m\u001b[90m (1m)\u001b[0m\n\u001b[31m  1 failing\u001b[0m\n",
      count: { passed: 7, failed: 1, skipped: 0 },
    },
    {
      says: "of several runs",
      output: "  2 passing\n…\n  5 passing\n",
      count: { passed: 7, failed: 0, skipped: 0 },
    },
    {
      says: "but not what a test's own name says",
      output: "    ✔ keeps 9 failing over\n  1 passing\n",
      count: { passed: 1, failed: 0, skipped: 0 },
    },
    {
      says: "of a run that broke down",
      output: "Error: no test files\n",
      count: { passed: 0, failed: 0, skipped: 0 },
    },
  ])
    it(says, () => {
      expect(mochaCount(output)).to.deep.equal(count);
    });
});

describe("what mocha tells of failures", () => {
  it("is told without what went well, and without colours", () => {
    const output =
      "  ✔ fine\n  1 passing (2s)\n\u001b[31m  1 failing\u001b[0m\n\n  1) a test\n     Error: x\n\n";
    expect(failuresOf(output)).to.equal("  1 failing\n\n  1) a test\n     Error: x");
  });
  it("is the last lines of a run that is not mocha's", () => {
    expect(failuresOf("a.ts(1,2): error TS1005\n")).to.equal("a.ts(1,2): error TS1005");
  });
});
