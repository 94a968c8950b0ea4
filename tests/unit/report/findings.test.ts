import { auditLines, findings, holds } from "@castle/dr-runbooks/report/findings.ts";
import { type Audit, type AuditKey, auditKeys, type Check } from "@castle/dr-runbooks/report/report.ts";
import { expect } from "chai";
import { exampleReport } from "./example-report.ts";

const spoilt = (key: AuditKey, n: number): Audit => ({
  ...exampleReport().audit,
  [key]: key === "conserved" ? false : n,
});

const counted = (name: string, wanted: string, found: string, ok: boolean): Check => ({
  ...{ name, wanted, found, ok, judged: true, reason: null },
});

describe("findings of a report", () => {
  it("has a line for every question of the audit, once", () => {
    expect(auditLines.map(({ key }) => key)).to.have.members([...auditKeys]);
  });

  it("is empty when everything holds", () => {
    expect(findings(exampleReport())).to.deep.equal([]);
  });

  for (const key of auditKeys)
    it(`says plainly what is wrong with ${key}`, () => {
      for (const n of [1, 1_234]) {
        const audit = spoilt(key, n);
        expect(holds(audit, key)).to.equal(false);
        const said = findings({ audit, checks: [] });
        expect(said).to.have.length(1);
        if (key !== "conserved") expect(said[0]).to.match(n === 1 ? /^1 \w/ : /^1,234 \w/);
      }
    });

  it("adds the failed checks, and tells what the audit found only once", () => {
    const said = findings({
      audit: spoilt("lostAcknowledged", 2),
      checks: [
        counted("Lost acknowledgements", "0", "2", false),
        counted("p99 in the steady phases", "under 100 ms", "140 ms", false),
        counted("Memory", "under 3 GiB", "1 GiB", true),
      ],
    });
    expect(said).to.deep.equal([
      "2 acknowledged commands cannot be found in the surviving cell.",
      "p99 in the steady phases: 140 ms, wanted under 100 ms.",
    ]);
  });

  it("does not count a figure that is not judged", () => {
    const p99 = counted("p99 in the steady phases", "under 100 ms", "140 ms", false);
    const audit = exampleReport().audit;
    expect(findings({ audit, checks: [p99] })).to.have.length(1);
    expect(findings({ audit, checks: [{ ...p99, judged: false, reason: "held" }] })).to.deep.equal([]);
  });
});
