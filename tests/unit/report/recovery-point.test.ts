import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import type { RecordedReconciliation } from "@castle/dr-runbooks/reconcile/recorded.ts";
import { buildReport, type ReportSources } from "@castle/dr-runbooks/report/execution/build.ts";
import { renderExecution } from "@castle/dr-runbooks/report/execution/html.ts";
import { executionReportSchema } from "@castle/dr-runbooks/report/execution/report.ts";
import { expect } from "chai";
import { consented, exampleEvents, exampleSources, T0 } from "./example-execution.ts";

const reconciliation = (commands: number, again = 0): RecordedReconciliation => ({
  ...{ id: "reconcile-2-x", at: T0 + 90_000, found: { command: commands }, notYetApplied: 0 },
  tail:
    commands === 0
      ? { commands, again, firstAcceptedAt: null, lastAcceptedAt: null }
      : { commands, again, firstAcceptedAt: T0 - 4_000, lastAcceptedAt: T0 - 1_000 },
});

const solo = { mode: "solo", since: T0 - 9_000, missing: 12, lagMs: 250 };

/** With what the target asks for. */
const wanting = (sources: ReportSources, objectives: Record<string, number>): ReportSources => ({
  ...sources,
  events: sources.events.map((event) =>
    event.kind === "started" ? { ...event, objectives: { recoveryTimeSeconds: 8, ...objectives } } : event,
  ),
});

const pointOf = (sources: ReportSources) =>
  buildReport(sources).recoveryPoint ?? expect.fail("there is no recovery point");

/** What the page says of it, the figures above included. */
const pageOf = (sources: ReportSources): string => renderExecution(buildReport(sources));

describe("the recovery point of an execution", () => {
  it("is 0 behind a fence that held, and the record's own steps are the proof", () => {
    const point = pointOf(exampleSources());
    expect(point).to.include({ how: "proved", lost: 0, met: true, bound: null });
    expect(point.because).to.have.length(4);
    expect(point.because[1]).to.contain("fence-old-cell ended at 2026-01-02 03:04:05.050 UTC");
    expect(point.because[2]).to.contain("3 commands copied");
  });

  it("is not proved by a fence that failed and was tolerated, nor by one that is not in the record", () => {
    const failed = exampleEvents().map((event): ExecutionEvent => {
      if (event.kind !== "step-done" || event.step !== "fence-old-cell") return event;
      const { at, step, ms } = event;
      return { kind: "step-failed", at, step, how: "failed", ms, error: "it does not hold", tolerated: true };
    });
    expect(pointOf(exampleSources(failed))).to.include({ how: "unknown", lost: null, met: null });
  });

  it("is, after consent, what a reconciliation has measured, against both objectives", () => {
    const measured = (objectives: Record<string, number>, commands = 5) =>
      pointOf(wanting({ ...consented(solo), reconciled: reconciliation(commands, 2) }, objectives));
    const missed = measured({ recoveryPointCommands: 0 });
    expect(missed).to.include({ how: "measured", lost: 5, met: false, bound: null });
    expect(missed.because.join(" ")).to.contain("3.00 s").and.to.contain("2 are known to the survivor");
    expect(measured({ recoveryPointCommands: 5 })).to.include({ met: true });
    expect(measured({ recoveryPointSeconds: 2 })).to.include({ met: false });
    expect(measured({ recoveryPointSeconds: 3 })).to.include({ met: true });
    expect(measured({})).to.include({ met: null });
    expect(measured({ recoveryPointCommands: 0 }, 0)).to.include({ lost: 0, met: true });
  });

  it("is, before a reconciliation, only bounded: by how long the old cell was alone", () => {
    const point = pointOf(consented(solo));
    // Until take-the-role ended, which waits for the old cell's lease to run out.
    expect(point).to.include({ how: "bounded", lost: null, met: null });
    expect(point.bound).to.deep.equal({
      ...{ commands: 12, soloSeconds: 9.04, lagMs: 250, measuredAt: T0 + 11 },
    });
    expect(pointOf(wanting(consented(solo), { recoveryPointSeconds: 10 }))).to.include({ met: true });
    expect(pointOf(wanting(consented(solo), { recoveryPointSeconds: 9 }))).to.include({ met: null });
  });

  it("has no limit in time past a fence that does not hold: nobody saw the old cell end", () => {
    const paired = { ...solo, mode: "paired" };
    for (const measured of [solo, paired]) {
      const point = pointOf(consented(measured, "consent-past-the-fence"));
      expect(point).to.include({ how: "bounded", lost: null, met: null });
      expect(point.bound).to.include({ soloSeconds: null, commands: 12, lagMs: 250 });
    }
  });

  it("is unknown where the record holds no figures of the consent", () => {
    expect(pointOf(consented())).to.include({ how: "unknown", lost: null, bound: null, met: null });
    expect(pointOf(consented({ mode: "solo" }))).to.include({ how: "unknown" });
  });

  it("is told apart in words: proved, measured, a limit, unknown", () => {
    const told: [ReportSources, RegExp, RegExp][] = [
      [exampleSources(), /0 acknowledged commands lost \(proved\)/, /no acknowledged command was lost/],
      [
        { ...consented(solo), reconciled: reconciliation(5) },
        /5 acknowledged commands lost \(measured\)/,
        /5 acknowledged commands of the old cell were lost/,
      ],
      [
        consented(solo),
        /At most the last 9.04 s of what was acknowledged \(a limit known at consent, not measured\)/,
        /at most the last 9.04 s of what the old cell acknowledged were lost, which is not measured yet/,
      ],
      [consented(), /Unknown until reconcile/, /unknown until castle reconcile/],
    ];
    for (const [sources, table, verdict] of told) {
      const report = buildReport(sources);
      expect(executionReportSchema.safeParse(report).error).to.equal(undefined);
      expect(report.verdict).to.match(verdict);
      const page = pageOf(sources);
      expect(page).to.match(table);
      for (const [, other] of told.filter(([, of]) => of !== table)) expect(page).to.not.match(other);
    }
  });

  it("keeps its proof when a reconciliation finds what the old cell never acknowledged", () => {
    const point = pointOf({ ...exampleSources(), reconciled: reconciliation(1) });
    expect(point).to.include({ how: "proved", lost: 0, met: true });
    expect(point.because.at(-1)).to.contain("1 command in it alone");
  });
});
