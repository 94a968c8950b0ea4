import { renderHtml } from "@castle/dr-runbooks/report/html.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import { expect } from "chai";
import { exampleReport } from "./example-report.ts";

const hostile = `</svg></style><script>alert("x")</script><img src=x onerror='y'>&`;

/** The same report with `hostile` behind every text that is free in it. */
function poisoned(): Report {
  const report = exampleReport();
  const worse = (text: string) => text + hostile;
  return {
    ...report,
    scenario: worse(report.scenario),
    story: worse(report.story),
    options: { ...report.options, symbols: report.options.symbols.map(worse) },
    load: {
      ...report.load,
      steady: report.load.steady.map((phase) => ({ ...phase, name: worse(phase.name) })),
    },
    handovers: report.handovers.map((handover) => ({
      ...handover,
      phasesMs: Object.fromEntries(Object.entries(handover.phasesMs).map(([name, ms]) => [worse(name), ms])),
      steps: handover.steps.map((step) => ({
        ...step,
        name: worse(step.name),
        purpose: worse(step.purpose),
      })),
    })),
    marks: report.marks.map((mark) => ({ ...mark, name: worse(mark.name) })),
    checks: report.checks.map((check) => ({
      name: worse(check.name),
      wanted: worse(check.wanted),
      found: worse(check.found),
      ok: false,
      judged: check.name !== "p99 in the steady phases",
      reason: worse("held"),
    })),
    audit: {
      ...report.audit,
      lostAcknowledged: 1,
      checked: { [worse("things")]: 1 },
      examples: [{ of: "lostAcknowledged", text: worse("seq 7") }],
    },
    machine: {
      ...{ ...report.machine, model: worse("cpu"), system: worse("linux") },
      phases: report.machine.phases.map(({ name, use, ...phase }) => ({
        ...{ ...phase, name: worse(name) },
        use: { ...use, largestOthers: [{ program: worse("browser"), share: 0.2 }] },
      })),
    },
    versions: { castle: hostile, node: hostile, postgres: hostile, redis: hostile },
  };
}

describe("report.html", () => {
  it("escapes every text that comes from the report", () => {
    const page = renderHtml(poisoned());
    expect(page).to.not.contain("<script");
    expect(page).to.not.contain("<img");
    expect(page).to.not.contain("onerror='");
    expect(page.match(/<\/style>/g)).to.have.length(1);
    expect(page.match(/<\/svg>/g)).to.have.length(3);
    expect(page).to.contain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("gives the same bytes for the same report", () => {
    expect(renderHtml(exampleReport())).to.equal(renderHtml(exampleReport()));
  });

  it("asks nothing of the network and runs no script", () => {
    const page = renderHtml(exampleReport());
    expect(page).to.not.match(/(?:src|href|action)\s*=|url\(|@import|https?:\/\//);
    expect(page).to.contain("default-src 'none'");
  });

  it("marks the fault and every step of every handover in its pictures", () => {
    const report = exampleReport();
    const pictures = renderHtml(report).match(/<svg[\s\S]*?<\/svg>/g) ?? [];
    expect(pictures).to.have.length(1 + report.handovers.length);
    expect(pictures[0]).to.contain("eu-west-1 killed</text>");
    report.handovers.forEach((handover, i) => {
      for (const { name } of handover.steps) {
        expect(pictures[0], "the overview").to.contain(`<title>${name}: from`);
        expect(pictures[i + 1], handover.kind).to.contain(`>${name}</text>`);
      }
    });
  });

  it("names every picture and heads every column for readers who do not see them", () => {
    const page = renderHtml(exampleReport());
    for (const svg of page.match(/<svg[^>]*>[\s\S]*?<\/svg>/g) ?? []) {
      const [, title, desc] = /aria-labelledby="(\S+) (\S+)"/.exec(svg) ?? [];
      expect(svg).to.contain(`<title id="${title}">`).and.to.contain(`<desc id="${desc}">`);
    }
    expect(page.match(/<th(?! scope=)[^>]*>/g)?.filter((tag) => tag !== "<thead>") ?? []).to.deep.equal([]);
  });

  it("writes no coordinate that is not a number", () => {
    expect(renderHtml(exampleReport())).to.not.match(/NaN|Infinity|undefined/);
  });

  it("draws a drill without handover, latency or any answer", () => {
    const report = exampleReport();
    const page = renderHtml({
      ...report,
      verdict: "fail",
      handovers: [],
      marks: [],
      timeline: { bucketMs: 100, points: [] },
      load: { ...report.load, acknowledged: 0, latencyMs: null, steady: [] },
    });
    expect(page)
      .to.contain("✗ fail")
      .and.to.not.match(/NaN|Infinity|undefined/);
  });

  it("says what is wrong above everything else", () => {
    const report = exampleReport();
    const page = renderHtml({
      ...report,
      verdict: "fail",
      audit: {
        ...report.audit,
        lostAcknowledged: 3,
        examples: [{ of: "lostAcknowledged", text: "BTCUSDT 812 of account 7" }],
      },
    });
    const [header = ""] = page.split("<main>");
    expect(header)
      .to.contain("3 acknowledged commands cannot be found")
      .and.to.contain("BTCUSDT 812 of account 7");
  });

  it("says which figures are not judged, and why, and shows none of them as good or bad", () => {
    const report = exampleReport();
    const reason = "other processes (browser) used 34 % of the machine (at most 10 %), Castle used 51 %";
    const page = renderHtml({
      ...report,
      checks: report.checks.map((check) =>
        check.name === "p99 in the steady phases"
          ? { ...check, found: "140 ms", ok: false, judged: false, reason }
          : check,
      ),
    });
    const [header = ""] = page.split("<main>");
    expect(header)
      .to.contain("1 figure not judged: p99 in the steady phases. Other processes (browser) used 34 %")
      .and.to.contain('<strong class="unjudged">52 ms');
    expect(page).to.contain(`– not judged</span>: ${reason}`);
  });

  it("tells of each part who used the machine", () => {
    const page = renderHtml(exampleReport());
    expect(page).to.match(/<h2>Machine<\/h2>[\s\S]*2 cores, Example CPU/);
    expect(page).to.match(/both regions start<\/th><td class="number">7.42 s<\/td><td class="number">81 %/);
    expect(page).to.contain("browser 3 %");
  });

  it("tells what is not known of the machine as such", () => {
    const report = exampleReport();
    const use = { cpu: null, fsyncMs: null, disk: null } as const;
    const phase = {
      ...{ name: "warm-up", durationMs: 5_000 },
      use: { ...use, largestOthers: [], waiting: { cpu: null, io: null, memory: null } },
    };
    const page = renderHtml({ ...report, machine: { ...report.machine, idle: null, phases: [phase] } });
    expect(page)
      .to.match(/warm-up<\/th><td class="number">5.00 s<\/td>(<td class="number">–<\/td>){8}/)
      .and.to.not.match(/NaN|undefined|null/);
  });

  it("says that a broken mechanism was broken on purpose", () => {
    expect(renderHtml({ ...exampleReport(), sabotage: "fence" })).to.contain("broken on purpose (fence)");
    expect(renderHtml(exampleReport())).to.not.contain("on purpose");
  });
});
