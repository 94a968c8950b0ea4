import { Progress } from "@castle/lab/drill/progress.ts";
import { summary } from "@castle/lab/drill/summary.ts";
import { expect } from "chai";
import { exampleReport } from "../report/example-report.ts";

describe("the summary of a drill", () => {
  it("lists every check in even columns, and where the report is", () => {
    const text = summary(exampleReport(), "reports/now/report.html");
    for (const { name, wanted, found } of exampleReport().checks)
      expect(text).to.match(new RegExp(`✓ ${name} +${wanted} +${found}`));
    expect(text).to.contain("✓ PASS").and.to.contain("report: reports/now/report.html");
  });

  it("says what is wrong when it failed", () => {
    const report = exampleReport();
    const text = summary(
      {
        ...report,
        verdict: "fail",
        sabotage: "fence",
        audit: { ...report.audit, staleEpochAcknowledged: 7 },
      },
      "x",
    );
    expect(text).to.contain("✗ 7 commands were acknowledged by a cell whose epoch was over.");
    expect(text).to.contain('✗ FAIL with "fence" broken on purpose');
  });

  it("says so when the audit did not notice what was broken", () => {
    expect(summary({ ...exampleReport(), sabotage: "fence" }, "x")).to.contain("the audit did not notice");
  });
});

describe("the progress of a drill", () => {
  const play = (isTTY: boolean): string => {
    let written = "";
    const progress = new Progress({
      isTTY,
      columns: 60,
      write: (text) => {
        written += text;
      },
    });
    progress.show({ kind: "act-started", of: "act", name: "warm-up" });
    progress.show({ kind: "load", view: { acknowledgedPerSecond: 500, errorsPerSecond: 0, p99: 30 } });
    progress.show({ kind: "act-ended", name: "warm-up", tookMs: 3_000, error: null });
    progress.end();
    return written;
  };

  it("is plain lines where there is no terminal", () =>
    expect(play(false)).to.match(/^ {2}✓ warm-up +3\.00 s\n$/));

  it("leaves nothing but the lasting lines on a terminal", () => {
    const left = play(true)
      .split("\n")
      .map((line) => line.split("\u001b[2K").at(-1));
    expect(left).to.have.length(2);
    expect(left[0]).to.match(/✓ warm-up +3\.00 s$/);
    expect(left[1]).to.equal("");
  });
});
