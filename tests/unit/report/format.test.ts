import {
  formatBytes,
  formatCount,
  formatInstant,
  formatMs,
  plural,
} from "@castle/dr-runbooks/report/format.ts";
import { expect } from "chai";

describe("numbers of the report", () => {
  for (const [ms, text] of [
    [0, "0.0 ms"],
    [9.94, "9.9 ms"],
    [9.96, "10 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [3_240, "3.24 s"],
    [9_996, "10 s"],
    [119_400, "119 s"],
    [125_000, "2 min 05 s"],
  ] as const)
    it(`writes ${ms} ms as ${text}`, () => expect(formatMs(ms)).to.equal(text));

  it("groups thousands, whatever the machine's locale", () =>
    expect(formatCount(1_234_567)).to.equal("1,234,567"));
  it("writes bytes in binary units", () => {
    expect(formatBytes(312 * 2 ** 20)).to.equal("312 MiB");
    expect(formatBytes(1.5 * 2 ** 30)).to.equal("1.5 GiB");
  });
  it("writes instants in UTC", () =>
    expect(formatInstant("2026-01-02T03:04:05.678Z")).to.equal("2026-01-02 03:04:05 UTC"));
  it("counts things", () => {
    expect(plural(1, "order")).to.equal("1 order");
    expect(plural(1_000, "balance")).to.equal("1,000 balances");
  });
});
