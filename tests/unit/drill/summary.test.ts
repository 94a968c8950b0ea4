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

  it("names behind the verdict what is not judged, and tells each reason once", () => {
    const report = exampleReport();
    const reason = "other processes used 34 % of the machine (at most 10 %), Castle used 51 %";
    const text = summary(
      {
        ...report,
        checks: report.checks.map((check) =>
          check.name === "Lost acknowledgements" ? check : { ...check, ok: false, judged: false, reason },
        ),
      },
      "x",
    );
    expect(text)
      .to.match(/– p99 in the steady phases +under 100 ms +52 ms, not judged\n/)
      .and.to.contain(
        "✓ PASS, 2 figures not judged: p99 in the steady phases, No acknowledgement during the failover\n",
      );
    expect(text.split(reason)).to.have.length(2);
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
