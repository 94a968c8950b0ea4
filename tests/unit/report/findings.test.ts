import { auditLines, findings, holds } from "@castle/dr-runbooks/report/findings.ts";
import { type Audit, type AuditKey, auditKeys } from "@castle/dr-runbooks/report/report.ts";
import { expect } from "chai";
import { exampleReport } from "./example-report.ts";

const spoilt = (key: AuditKey, n: number): Audit => ({
  ...exampleReport().audit,
  [key]: key === "conserved" ? false : n,
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
        { name: "Lost acknowledgements", wanted: "0", found: "2", ok: false },
        { name: "p99 in the steady phases", wanted: "under 100 ms", found: "140 ms", ok: false },
        { name: "Memory", wanted: "under 3 GiB", found: "1 GiB", ok: true },
      ],
    });
    expect(said).to.deep.equal([
      "2 acknowledged commands cannot be found in the surviving cell.",
      "p99 in the steady phases: 140 ms, wanted under 100 ms.",
    ]);
  });
});
