import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type About,
  brokenPlay,
  type Comparison,
  comparedPlay,
  comparisonSchema,
  comparisonVerdict,
} from "@castle/dr-runbooks/report/comparison.ts";
import { renderComparison, writeComparison } from "@castle/dr-runbooks/report/comparison-page.ts";
import { expect } from "chai";
import { exampleReport } from "./example-report.ts";

const about: About = {
  ...{ scenario: "region-loss", nth: 1, seed: 42, tookMs: 20_000 },
  ...{ happens: "a region is lost", holds: "nothing <else> is" },
};
const good = comparedPlay(about, exampleReport(), "one/report.html");
const bad = brokenPlay({ ...about, scenario: "fence", nth: 2 }, "the lab did not start");

const comparison = (plays: Comparison["plays"]): Comparison => ({
  format: 1,
  verdict: comparisonVerdict(plays),
  startedAt: "2026-01-02T03:04:05.678Z",
  durationMs: 60_000,
  machine: { cpus: 2, model: "Example CPU", memoryBytes: 8 * 2 ** 30, system: "linux 6.1 x64" },
  plays,
});

describe("comparing drills", () => {
  it("takes its figures from each report", () => {
    expect(good).to.deep.include({
      verdict: "pass",
      findings: [],
      report: "one/report.html",
      latencyMs: { p50: 27.4, p99: 51.7 },
      gaps: [
        { kind: "failover", ms: 3_240 },
        { kind: "switchover", ms: 860 },
      ],
    });
    expect(good.counts).to.include({ acknowledged: 28_010, lost: 0 });
  });

  it("says what is wrong with a drill that failed", () => {
    const report = exampleReport();
    const lost = { ...report, verdict: "fail" as const, audit: { ...report.audit, lostAcknowledged: 3 } };
    expect(comparedPlay(about, lost, "x").findings.join()).to.contain("3 acknowledged commands");
  });

  it("passes only if all passed, and something was played", () => {
    expect(comparisonVerdict([good, good])).to.equal("pass");
    expect(comparisonVerdict([good, bad])).to.equal("fail");
    expect(comparisonVerdict([])).to.equal("fail");
  });
});

describe("comparison.html", () => {
  const page = renderComparison(comparison([good, bad]));

  it("leads to each report, and tells what has none", () => {
    expect(page).to.contain('<a href="one/report.html">region-loss</a>');
    expect(page).to.contain("fence (2)");
    expect(page.match(/href=/g)).to.have.length(1);
  });

  it("says what is wrong above everything else", () =>
    expect(page.indexOf("the lab did not start")).to.be.within(0, page.indexOf("<main>")));

  it("escapes every text, asks nothing of the network and runs no script", () => {
    expect(page).to.contain("nothing &lt;else&gt; is");
    expect(page).not.to.match(/<script|https?:\/\/|src=/);
  });

  it("gives the same bytes for the same comparison", () =>
    expect(renderComparison(comparison([good, bad]))).to.equal(page));

  it("is written beside what machines read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "castle-comparison-"));
    try {
      const path = await writeComparison(comparison([good, bad]), join(folder, "all"));
      expect(await readFile(path, "utf8")).to.equal(page);
      const json = await readFile(join(folder, "all", "comparison.json"), "utf8");
      expect(comparisonSchema.parse(JSON.parse(json)).verdict).to.equal("fail");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
