import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { buildReport } from "@castle/dr-runbooks/report/execution/build.ts";
import { renderExecution } from "@castle/dr-runbooks/report/execution/html.ts";
import { executionReportSchema } from "@castle/dr-runbooks/report/execution/report.ts";
import { expect } from "chai";
import { call, consented, exampleEvents, exampleExecution, exampleSources, T0 } from "./example-execution.ts";

const without = (...kinds: string[]): ExecutionEvent[] =>
  exampleEvents().filter((event) => !kinds.includes("step" in event ? event.step : event.kind));

describe("the report of an execution", () => {
  it("is one that its schema knows, whatever became of the execution", () => {
    for (const events of [exampleEvents(), without("finished"), exampleEvents().slice(0, 1)])
      expect(executionReportSchema.safeParse(exampleExecution(events)).error).to.equal(undefined);
  });

  it("holds the recovery against the objective, from the last command that was accepted until the target was open", () => {
    const { recoveryTime, recoveryPoint, verdict } = exampleExecution();
    expect(recoveryTime).to.include({ wantedMs: 8_000, foundMs: 900 + 2_210, met: true });
    expect(recoveryPoint).to.include({ lost: 0, met: true });
    expect(verdict).to.equal(
      "The role was handed over to eu-central-1 in 3.11 s, within the objective of 8.00 s; no acknowledged command was lost.",
    );
  });

  it("says that an objective was missed, from where an operator says that the outage began", () => {
    const report = buildReport({ ...exampleSources(), outageSince: T0 - 60_000 });
    expect(report.recoveryTime).to.include({ foundMs: 62_210, met: false });
    expect(report.verdict).to.contain("past the objective of 8.00 s");
  });

  it("claims no recovery that it does not know of", () => {
    const unopened = exampleExecution(without("open", "finished"));
    expect(unopened.recoveryTime).to.include({ foundMs: null, met: null });
    expect(unopened.recoveryPoint).to.include({ lost: null, met: null });
    const unfenced = exampleExecution(without("fence-old-cell"));
    expect(unfenced.recoveryPoint).to.include({ lost: null, met: null, how: "unknown" });
    expect(unfenced.verdict).to.contain("what was lost is unknown until castle reconcile");
  });

  it("tells every consent: by whom, how, and to which figures", () => {
    expect(buildReport(consented()).approvals).to.deep.include.members([
      {
        ...{ at: T0 + 15, what: "consent-to-loss", answer: "given", by: "ada on ops-1 (process 7)" },
        ...{ how: "typed at the runner's terminal", because: null, figures: ["solo for 9 s"] },
      },
    ]);
  });

  it("tells each run apart, and the step that was cut off in it", () => {
    const { runs } = exampleExecution();
    expect(runs.map(({ how }) => how)).to.deep.equal(["killed", "finished"]);
    expect(runs[0]?.steps.at(-1)).to.include({ name: "promote-database", endedAt: null, outcome: "cut-off" });
    expect(runs[0]?.marks).to.deep.equal([
      { at: T0 + 150, step: "promote-database", what: "rds:FailoverGlobalCluster in eu-central-1" },
    ]);
  });

  it("names everyone who acted", () => {
    expect(exampleExecution().actors.map(({ who, did }) => `${who} ${did}`)).to.deep.equal([
      "ada on ops-1 (process 7) began it",
      "bob on ops-1 (process 7) went on with it",
      "ada on ops-1 (process 7) skipped promote-cache: done by hand",
    ]);
  });

  it("has both looks at readiness, and counts each step's calls", () => {
    const { readiness, steps, calls } = exampleExecution();
    expect([readiness.before?.ready, readiness.after?.ready]).to.deep.equal([true, false]);
    expect(steps.find(({ name }) => name === "promote-database")).to.include({ calls: 1 });
    expect(calls).to.have.length(2);
  });
});

describe("the page of an execution", () => {
  it("shows the hashes, every step and every call", () => {
    const report = exampleExecution();
    const page = renderExecution(report);
    for (const text of [report.evidence.root, report.evidence.head, ...report.steps.map(({ name }) => name)])
      expect(page).to.contain(text);
    expect(page.match(/FailoverGlobalCluster<span/g)).to.have.length(1);
  });

  it("says where else the record stands, until when it is locked there, and what was not seen", () => {
    const page = renderExecution(exampleExecution());
    expect(page).to.match(
      /eu-central-1<\/th><td>evidence-c<.*20 of 20.*✓ complete.*2026-01-03 03:04:05.000 UTC, COMPLIANCE/,
    );
    expect(page).to.match(/eu-west-1<\/th><td>evidence-w<.*\? not seen.*no answer/);
    const without = renderExecution(buildReport({ ...exampleSources(), copies: [] }));
    expect(without).to.contain("names no buckets for evidence").and.to.not.contain("✓ complete");
  });

  it("lists a cluster's calls like AWS's, and says which calls are not listed, and why", () => {
    const scaled = call({ service: "kubernetes", operation: "PatchDeploymentsScale", during: "scale-up" });
    const report = exampleExecution([...exampleEvents().slice(0, -1), scaled, ...exampleEvents().slice(-1)]);
    const page = renderExecution(report);
    expect(page).to.contain("kubernetes:PatchDeploymentsScale");
    expect(report.notListed).to.have.length(4);
    for (const sentence of report.notListed) expect(page).to.contain(sentence.replaceAll("'", "&#39;"));
  });

  it("escapes whatever a record holds", () => {
    const hostile = `</style><script>alert("x")</script>`;
    const page = renderExecution(
      exampleExecution([...exampleEvents(), call({ error: hostile, operation: hostile, during: null })]),
    );
    expect(page).to.not.contain("<script");
    expect(page).to.contain("&lt;script&gt;");
  });

  it("asks nothing of the network, runs no script, and gives the same bytes for the same report", () => {
    const page = renderExecution(exampleExecution());
    expect(page).to.not.match(/(?:src|href|action)\s*=|url\(|@import|https?:\/\//);
    expect(page).to.contain("default-src 'none'").and.to.equal(renderExecution(exampleExecution()));
  });

  it("names every picture, captions every table and heads every column", () => {
    const page = renderExecution(exampleExecution());
    for (const svg of page.match(/<svg[^>]*>[\s\S]*?<\/svg>/g) ?? []) {
      const [, title, desc] = /aria-labelledby="(\S+) (\S+)"/.exec(svg) ?? [];
      expect(svg).to.contain(`<title id="${title}">`).and.to.contain(`<desc id="${desc}">`);
    }
    expect(page.match(/<table[^>]*>(?!<caption>)/g)).to.equal(null);
    expect(page.match(/<th(?! scope=)[^>]*>/g)?.filter((tag) => tag !== "<thead>") ?? []).to.deep.equal([]);
    expect(page).to.not.match(/NaN|Infinity|undefined/);
  });

  it("says first of all that a record was altered", () => {
    const sources = exampleSources();
    const evidence = { ...sources.evidence, holds: false, problems: ["line 3: was changed"] };
    const report = buildReport({ ...sources, evidence });
    expect(report.verdict).to.match(/^The record was altered, and proves nothing/);
    expect(renderExecution(report)).to.contain("line 3: was changed").and.to.contain("✗ altered");
  });
});
